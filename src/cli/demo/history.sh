# Gives the shop a past: a git repository with three commits. Dates are fixed, people are those of no git settings.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
IFS= read -r dir <dir
run=$PWD
cd "$dir" || exit 1
command -v git >/dev/null || { echo 'git is not installed: apt-get install git'; exit 1; }

# commit N DATE MESSAGE
commit() {
  cp "$run/shop-$1" shop.json && git add -A &&
    GIT_AUTHOR_DATE=$2 GIT_COMMITTER_DATE=$2 git commit -q -m "$3" || exit 1
}

git init -q . && git symbolic-ref HEAD refs/heads/main || exit 1
git config user.name 'The Shop'
git config user.email shop@example.org
git config commit.gpgsign false
commit 1 '2026-11-02T09:00:00Z' 'Open the shop'
commit 2 '2026-11-09T09:00:00Z' 'Sell baskets'
commit 3 '2026-11-16T09:00:00Z' 'Sell saddle bags and locks'
