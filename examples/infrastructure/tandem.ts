import { tandem } from 'tandem'
import { app } from './recipes/app.ts'
import { database } from './recipes/database.ts'
import { everywhere } from './recipes/everywhere.ts'
import { front } from './recipes/front.ts'

// Everything that runs the shop. `tandem plan` shows what would be done to the hosts, `tandem apply` does it.
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: {
    front1: { address: 'root@10.0.0.10', roles: ['front'], groups: ['paris'] },
    db1: { address: 'root@10.0.0.20', roles: ['database'], groups: ['paris'] },
    app1: { address: 'root@10.0.0.31', roles: ['app'], groups: ['paris'] },
    app2: { address: 'root@10.0.0.32', roles: ['app'], groups: ['paris'] },
  },
  // What recipes find in `host.vars`.
  groups: {
    paris: {
      vars: { timeZone: 'Europe/Paris', database: '10.0.0.20', apps: ['10.0.0.31', '10.0.0.32'] },
    },
  },
  // A host has what its roles say, and what `all` says.
  roles: { all: everywhere, front, database, app },
  // One host first, then the others; and a look every half hour at what somebody altered by hand.
  infra: { stages: ['canary', 'rest'], drift: '30m' },
  apps: {
    shop: {
      repo: '../shop',
      build: { run: 'node build.js', output: 'dist' },
      run: { web: 'node server.js', worker: 'node worker.js' },
      port: 8080,
      health: '/health',
      user: 'shop',
      shared: ['data'],
      environments: { production: { on: ['app'], stages: ['canary', 'rest'], watch: '5s' } },
    },
  },
})
