import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { text, whole } from '../../config/values/wanted.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { commandThing, shScript } from '../things/make.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Thing } from '../things/thing.ts'
import { archiveCheck, archiveRun, archiveUndo } from './archive-script.ts'
import { placeOf } from './content.ts'
import { downloadLimitMs, sha256, url } from './download.ts'
import { all, atLeastOne, atMostOne, onlyWith } from './rules.ts'
import { group, options, owner, path } from './words.ts'

const tarball = text(
  "a tar archive beside the recipe, such as 'files/site.tar.gz'",
  /^(?!\/)(?!.*\.zip$)[^\p{Cc}\p{Co}]{1,4000}$/iu,
)

const archiveOptions = options(
  {
    source: tarball.optional(),
    url: url.optional(),
    sha256: sha256.optional(),
    strip: whole(0, 20, 1).optional(),
    owner: owner.optional(),
    group: group.optional(),
  },
  "source: 'files/site.tar.gz'",
).superRefine(
  all(
    atMostOne('source', 'url'),
    atLeastOne(['source', 'url'], "'files/site.tar.gz', or url: '…'", null),
    onlyWith('sha256', 'url'),
    (found, context) => {
      if (found['url'] !== undefined)
        atLeastOne(['sha256'], "'…', what `sha256sum FILE` prints", null)(found, context)
    },
  ),
)

type ArchiveOptions = z.output<typeof archiveOptions>
type Archive = Resource<ArchiveOptions>

/** A folder with what is in a tar archive. What others have put there stays. */
export const archive: ResourceSort<ArchiveOptions> = {
  type: 'archive',
  name: path,
  options: archiveOptions,
  lower: async (resource, world) => {
    const folder = placeOf(resource.name, world)
    const { id, options } = resource
    const own = sharedPath(
      pathThing(folder, {
        type: 'directory',
        mode: null,
        owner: options.owner ?? null,
        group: options.group ?? null,
      }),
      id,
    )
    const { source, url = '', sha256 = '' } = options
    if (source === undefined) return [own, unpacked(resource, folder, { tar: '', url, sha256 })]
    return [own, ...(await sent(resource, source, folder, world))]
  },
}

/** The archive lies in its folder, where only root can read it: that way it goes and is undone with the rest. */
async function sent(
  resource: Archive,
  source: string,
  folder: string,
  world: LoweringWorld,
): Promise<readonly Thing[]> {
  const bytes = await world.bytesOf(source, resource.at)
  const tar = `${folder}/.tandem-archive.tar`
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const access = { mode: 0o600, owner: 'root', group: 'root' }
  const file = pathThing(tar, { type: 'file', content: { bytes, secrets: [] }, ...access })
  return [file, unpacked(resource, folder, { tar, url: '', sha256 })]
}

type Origin = Readonly<{ tar: string; url: string; sha256: string }>

function unpacked({ options }: Archive, folder: string, { tar, url, sha256 }: Origin): Thing {
  const { source, strip = 0, owner, group } = options
  const whose = owner === undefined && group === undefined ? '' : `${owner ?? ''}:${group ?? ''}`
  const stamp = `${sha256} strip ${strip} owner ${whose}`
  return commandThing({
    name: `unpack into ${folder}`,
    says: `unpack ${source ?? url} into ${folder}`,
    check: shScript(archiveCheck, [folder, stamp]),
    run: shScript(archiveRun, [folder, stamp, String(strip), whose, tar, url, sha256], downloadLimitMs),
    undo: shScript(archiveUndo, [folder], downloadLimitMs),
  })
}
