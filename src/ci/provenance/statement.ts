import { z } from 'zod'
import { canonical } from '../../change/canonical.ts'
import { outcomes } from '../../store/runs.ts'

/** Where a release comes from and what was found out about it. */
export type Provenance = Readonly<{
  /** SHA-256 of the artifact, and of the list of what is in it. */
  release: string
  files: string
  /** The name of the repository, or its folder where the hub does not hold it. */
  repo: string
  /** In full, as it was pushed; null for a commit that was named otherwise. */
  ref: string | null
  commit: string
  /** Null where the files of the commit were not looked at: a release from before statements were made. */
  tree: string | null
  /** The run whose job made it; null = it was made for a deploy, and nothing was tested. */
  run: string | null
  jobs: readonly Readonly<{ name: string; outcome: (typeof outcomes)[number] }>[]
  /** The fingerprint of the key of the hub. */
  hub: string
  /** The version of the hub. */
  version: string
  /** Platform and processor of where it was built, such as `linux-x64`. */
  platform: string
  startedAt: number
  endedAt: number
}>

const statementType = 'https://in-toto.io/Statement/v1'
const predicateType = 'https://slsa.dev/provenance/v1'
const buildType = 'tandem:build/v1'

/** The text that is signed: an in-toto statement with SLSA's provenance, written in one way only. */
export function statementOf(made: Provenance): string {
  const time = (at: number): string => new Date(at).toISOString()
  return canonical({
    _type: statementType,
    subject: [subject('release.tar', made.release), subject('files.sha256', made.files)],
    predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { repository: made.repo, ref: made.ref },
        internalParameters: { platform: made.platform },
        resolvedDependencies: [
          {
            uri: `git+tandem:${made.repo}`,
            digest: { gitCommit: made.commit, ...(made.tree === null ? {} : { gitTree: made.tree }) },
          },
        ],
      },
      runDetails: {
        builder: { id: `tandem:hub/${made.hub}`, version: { tandem: made.version } },
        metadata: { invocationId: made.run, startedOn: time(made.startedAt), finishedOn: time(made.endedAt) },
        byproducts: made.jobs.map(({ name, outcome }) => ({ name, annotations: { outcome } })),
      },
    },
  })
}

const subject = (name: string, sha256: string) => ({ name, digest: { sha256 } })

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const git = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
const named = (name: string) => z.strictObject({ name: z.literal(name), digest: z.strictObject({ sha256 }) })

const schema = z.strictObject({
  _type: z.literal(statementType),
  subject: z.tuple([named('release.tar'), named('files.sha256')]),
  predicateType: z.literal(predicateType),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.literal(buildType),
      externalParameters: z.strictObject({ repository: z.string(), ref: z.string().nullable() }),
      internalParameters: z.strictObject({ platform: z.string() }),
      resolvedDependencies: z.tuple([
        z.strictObject({
          uri: z.string(),
          digest: z.strictObject({ gitCommit: git, gitTree: git.optional() }),
        }),
      ]),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.string(), version: z.strictObject({ tandem: z.string() }) }),
      metadata: z.strictObject({
        invocationId: z.string().nullable(),
        startedOn: z.iso.datetime(),
        finishedOn: z.iso.datetime(),
      }),
      byproducts: z.array(
        z.strictObject({ name: z.string(), annotations: z.strictObject({ outcome: z.enum(outcomes) }) }),
      ),
    }),
  }),
})

/** Reads what `statementOf` wrote; `null` for anything else. */
export function readStatement(text: string): Provenance | null {
  const read = schema.safeParse(jsonIn(text))
  if (!read.success) return null
  const { subject: subjects, predicate } = read.data
  const { externalParameters, internalParameters, resolvedDependencies } = predicate.buildDefinition
  const { builder, metadata, byproducts } = predicate.runDetails
  const [{ digest }] = resolvedDependencies
  return {
    release: subjects[0].digest.sha256,
    files: subjects[1].digest.sha256,
    repo: externalParameters.repository,
    ref: externalParameters.ref,
    commit: digest.gitCommit,
    tree: digest.gitTree ?? null,
    run: metadata.invocationId,
    jobs: byproducts.map(({ name, annotations }) => ({ name, outcome: annotations.outcome })),
    hub: builder.id.replace(/^tandem:hub\//, ''),
    version: builder.version.tandem,
    platform: internalParameters.platform,
    startedAt: Date.parse(metadata.startedOn),
    endedAt: Date.parse(metadata.finishedOn),
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
