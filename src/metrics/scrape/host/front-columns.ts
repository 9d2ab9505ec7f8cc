/** A column of `show stat`, and what HAProxy's own exporter calls it. */
export type Column = Readonly<{
  name: string
  type: 'counter' | 'gauge'
  /** How many of its units are one of ours. */
  per: number
  /** Where it is said: of frontends, backends, servers. */
  of: string
}>

const gauge = (name: string, of: string, per = 1): Column => ({ name, type: 'gauge', per, of })
const counter = (name: string, of: string): Column => ({ name: `${name}_total`, type: 'counter', per: 1, of })
const all = 'frontend backend server'
const behind = 'backend server'
const proxies = 'frontend backend'
const ms = 1000

/** By the name of the column (HAProxy's management guide, 9.1). */
export const columns: Readonly<Record<string, Column>> = {
  qcur: gauge('current_queue', behind),
  qmax: gauge('max_queue', behind),
  scur: gauge('current_sessions', all),
  smax: gauge('max_sessions', all),
  slim: gauge('limit_sessions', all),
  stot: counter('sessions', all),
  bin: counter('bytes_in', all),
  bout: counter('bytes_out', all),
  dreq: counter('requests_denied', proxies),
  dresp: counter('responses_denied', all),
  ereq: counter('request_errors', 'frontend'),
  econ: counter('connection_errors', behind),
  eresp: counter('response_errors', behind),
  wretr: counter('retry_warnings', behind),
  wredis: counter('redispatch_warnings', behind),
  weight: gauge('weight', behind),
  act: gauge('active_servers', 'backend'),
  bck: gauge('backup_servers', 'backend'),
  chkfail: counter('check_failures', 'server'),
  chkdown: counter('check_up_down', behind),
  lastchg: gauge('check_last_change_seconds', behind),
  downtime: counter('downtime_seconds', behind),
  qlimit: gauge('queue_limit', 'server'),
  throttle: gauge('current_throttle', 'server'),
  lbtot: counter('loadbalanced', behind),
  rate_lim: gauge('limit_session_rate', 'frontend'),
  rate_max: gauge('max_session_rate', all),
  req_rate_max: gauge('http_requests_rate_max', 'frontend'),
  req_tot: counter('http_requests', proxies),
  cli_abrt: counter('client_aborts', behind),
  srv_abrt: counter('server_aborts', behind),
  comp_in: counter('http_comp_bytes_in', proxies),
  comp_out: counter('http_comp_bytes_out', proxies),
  comp_byp: counter('http_comp_bytes_bypassed', proxies),
  comp_rsp: counter('http_comp_responses', proxies),
  lastsess: gauge('last_session_seconds', behind),
  qtime: gauge('queue_time_average_seconds', behind, ms),
  ctime: gauge('connect_time_average_seconds', behind, ms),
  rtime: gauge('response_time_average_seconds', behind, ms),
  ttime: gauge('total_time_average_seconds', behind, ms),
  conn_rate_max: gauge('connections_rate_max', 'frontend'),
  conn_tot: counter('connections', 'frontend'),
  intercepted: counter('intercepted_requests', 'frontend'),
  dcon: counter('denied_connections', 'frontend'),
  dses: counter('denied_sessions', 'frontend'),
  wrew: counter('failed_header_rewriting', all),
  connect: counter('connection_attempts', behind),
  reuse: counter('connection_reuses', behind),
  cache_lookups: counter('http_cache_lookups', proxies),
  cache_hits: counter('http_cache_hits', proxies),
  qtime_max: gauge('max_queue_time_seconds', behind, ms),
  ctime_max: gauge('max_connect_time_seconds', behind, ms),
  rtime_max: gauge('max_response_time_seconds', behind, ms),
  ttime_max: gauge('max_total_time_seconds', behind, ms),
  eint: counter('internal_errors', all),
  uweight: gauge('uweight', behind),
}

/** Of `show info`. */
export const processWords: Readonly<Record<string, Column>> = {
  Nbthread: gauge('nbthread', ''),
  Uptime_sec: gauge('uptime_seconds', ''),
  'Ulimit-n': gauge('max_fds', ''),
  Maxsock: gauge('max_sockets', ''),
  Maxconn: gauge('max_connections', ''),
  Hard_maxconn: gauge('hard_max_connections', ''),
  CurrConns: gauge('current_connections', ''),
  CumConns: counter('connections', ''),
  CumReq: counter('requests', ''),
  CurrSslConns: gauge('current_ssl_connections', ''),
  CumSslConns: counter('ssl_connections', ''),
  MaxConnRate: gauge('max_connection_rate', ''),
  MaxSessRate: gauge('max_session_rate', ''),
  Tasks: gauge('current_tasks', ''),
  Run_queue: gauge('current_run_queue', ''),
  Idle_pct: gauge('idle_time_percent', ''),
  Stopping: gauge('stopping', ''),
  Jobs: gauge('jobs', ''),
  Listeners: gauge('listeners', ''),
  TotalBytesOut: counter('bytes_out', ''),
}
