import { tandem } from 'tandem'

// What is deployed, and where to: `tandem plan deploy` shows what would happen, `tandem deploy` makes it happen.
export default tandem({
  hosts: {
    // This machine. A server is written so: web1: { address: 'deploy@10.0.0.1', roles: ['web'] },
    local: { via: 'local' },
  },
  apps: {
    shop: {
      build: { run: 'node build.js', output: 'dist' },
      run: { web: 'node server.js', worker: 'node worker.js' },
      port: 8080,
      health: '/health',
      // Its own numbers, business ones too: they are drawn beside those of the front and the host.
      metrics: '/metrics',
      // The worker counts the stock here; it outlives releases.
      shared: ['data'],
      environments: {
        // A new release takes the traffic of one host first and is watched there before the rest gets it.
        production: { on: ['local'], stages: ['canary', 'rest'], watch: '5s' },
      },
    },
  },
  metrics: {
    scrape: { interval: '5s' },
    // A page of one's own: what comes in beside what is sold. Every app, host and front has one without this.
    pages: {
      sales: {
        title: 'Sales',
        panels: [
          {
            title: 'Requests, and what they bring',
            queries: [
              {
                query: 'sum(rate(haproxy_backend_http_requests_total[$window]))',
                name: 'requests',
                unit: 'per second',
              },
              {
                query: 'sum(rate(shop_revenue_euros_total[$window])) * 60',
                name: '€ a minute',
                axis: 'right',
              },
            ],
          },
          {
            title: 'What is left',
            queries: [{ query: 'shop_stock', name: '{{item}}' }],
          },
        ],
      },
    },
  },
})
