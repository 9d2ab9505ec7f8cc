"""A second implementation of how flags draw lots, written from docs/formats/flag-hash.md and from nothing else.

It knows rules, shares and splits, and of conditions only `equals`. Reads one JSON object, {"flags", "questions": [[flag,
context] ...]}, and writes a list of [variant, rule]. With `--check FILE` it plays hash.json.
"""

import json
import sys

MASK = 0xFFFFFFFF


def murmur3(data, seed=0):
    h = seed
    for at in range(0, len(data) - len(data) % 4, 4):
        h ^= scrambled(int.from_bytes(data[at : at + 4], "little"))
        h = (h << 13 | h >> 19) & MASK
        h = (h * 5 + 0xE6546B64) & MASK
    tail = data[len(data) - len(data) % 4 :]
    if tail:
        h ^= scrambled(int.from_bytes(tail, "little"))
    h ^= len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & MASK
    h = (h ^ h >> 13) * 0xC2B2AE35 & MASK
    return h ^ h >> 16


def scrambled(k):
    k = k * 0xCC9E2D51 & MASK
    k = (k << 15 | k >> 17) & MASK
    return k * 0x1B873593 & MASK


def fnv1a(text):
    h = 0x811C9DC5
    units = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        h = (h ^ int.from_bytes(units[at : at + 2], "little")) * 0x01000193 & MASK
    return h


def utf8(text):
    """Half a surrogate pair counts as U+FFFD."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.encode("utf-8")


def place(draw, purpose, of, key):
    """The lot of a key and how many lots there are: it is among the first weight/of when lot/lots is."""
    name, salt = draw["hash"], draw["salt"]
    if name in ("tandem-1", "flagd-v2"):
        return murmur3(utf8(salt) + utf8(key)), 2**32
    if name == "unleash":
        seed = {"share": 0, "split": 86028157}[purpose]
        return murmur3(utf8(salt) + b":" + utf8(key), seed) % of, of
    if name == "gb-1":
        return fnv1a(key + salt) % 1000, 1000
    if name == "gb-2":
        return fnv1a(str(fnv1a(salt + key))) % 10000, 10000
    raise ValueError(name)


def is_among(weight, of, lot, lots):
    return lot * of < weight * lots


def attribute(context, path):
    steps = path.split(".") if isinstance(path, str) else path
    for step in steps:
        if not isinstance(context, dict) or step not in context:
            return None
        context = context[step]
    return context


def key_of(draw, context):
    value = attribute(context, draw.get("by", "targetingKey"))
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return str(value)
    return ""


def in_share(share, context):
    if share["weight"] == share["of"]:
        return True
    key = key_of(share, context)
    return key != "" and is_among(share["weight"], share["of"], *place(share, "share", share["of"], key))


def arm_of(split, context):
    arms = [arm for arm in split["arms"] if arm["weight"] > 0]
    if len(arms) == 1:
        return arms[0]["variant"]
    key = key_of(split, context)
    if key == "":
        return None
    lot, lots = place(split, "split", split["of"], key)
    total = 0
    for arm in arms:
        total += arm["weight"]
        if is_among(total, split["of"], lot, lots):
            return arm["variant"]


def ask(flag, context):
    if not flag["on"]:
        return [flag["off"], None]
    for rule in flag.get("rules", []):
        when = rule.get("when")
        if when and attribute(context, when["attribute"]) != when["value"]:
            continue
        if "share" in rule and not in_share(rule["share"], context):
            continue
        serve = rule["serve"]
        variant = serve if isinstance(serve, str) else arm_of(serve, context)
        if variant is not None:
            return [variant, rule["id"]]
    return [flag["default"], None]


def check(file):
    with open(file, encoding="utf-8") as opened:
        cases = json.load(opened)["cases"]
    wrong = [
        case
        for case in cases
        if place(case, case["purpose"], case["of"], case["key"])[0] != case["lot"]
    ]
    for case in wrong:
        print(f"differs: {case}", file=sys.stderr)
    print(json.dumps({"cases": len(cases), "wrong": len(wrong)}))
    return 1 if wrong else 0


def main():
    if sys.argv[1:2] == ["--check"]:
        return check(sys.argv[2])
    asked = json.load(sys.stdin)
    flags = asked["flags"]
    json.dump([ask(flags[name], context) for name, context in asked["questions"]], sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
