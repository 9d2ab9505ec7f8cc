import type { Front } from './exchange.ts'
import { slotNames, type SlotName } from './slots.ts'
import type { Tally } from './tally.ts'

/** Every column of HAProxy 2.6, in its order: readers of `show stat` go by the place. */
const columns = (
  'pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,' +
  'chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,' +
  'check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,' +
  'req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,' +
  'agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,' +
  'agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,' +
  'reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,idle_conn_cur,' +
  'safe_conn_cur,used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,agg_check_status,-,' +
  'ssl_sess,ssl_reused_sess,ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,' +
  'h2_goaway_rcvd,h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,' +
  'h2_open_connections,h2_backend_open_streams,h2_total_connections,h2_backend_total_streams,h1_open_connections,' +
  'h1_open_streams,h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,' +
  'h1_spliced_bytes_out'
).split(',')

type Row = Readonly<Record<string, string | number>>

/** The answer to `show stat`: one row for the frontend, one per slot, one for the backend. */
export function statTable(front: Front): string {
  const rows = [frontendRow(front), ...slotNames.map((slot) => slotRow(front, slot)), backendRow(front)]
  const lines = rows.map((row) => `${columns.map((column) => row[column] ?? '').join(',')},\n`)
  return `# ${columns.join(',')},\n${lines.join('')}`
}

function frontendRow({ settings, tallies }: Front): Row {
  const { frontend } = tallies
  return {
    pxname: settings.name,
    svname: 'FRONTEND',
    ...loadOf(frontend),
    ...answersOf(frontend),
    req_tot: frontend.requests,
    conn_tot: frontend.total,
    status: 'OPEN',
    type: 0,
    pid: 1,
    iid: 2,
    sid: 0,
    mode: 'http',
  }
}

function slotRow({ settings, slots, tallies }: Front, slot: SlotName): Row {
  const words = { ready: 'no check', drain: 'DRAIN', maint: 'MAINT' } as const
  return {
    pxname: settings.name,
    svname: slot,
    ...serverSide(tallies[slot]),
    status: words[slots.stateOf(slot)],
    weight: 1,
    uweight: 1,
    act: 1,
    bck: 0,
    lastchg: secondsSince(slots.changedAtMs(slot)),
    type: 2,
    pid: 1,
    iid: 3,
    sid: slotNames.indexOf(slot) + 1,
    addr: `127.0.0.1:${settings.ports[slot]}`,
    mode: 'http',
  }
}

function backendRow({ settings, slots, tallies }: Front): Row {
  const ready = slotNames.filter((slot) => slots.stateOf(slot) === 'ready').length
  return {
    pxname: settings.name,
    svname: 'BACKEND',
    ...serverSide(tallies.backend),
    status: ready > 0 ? 'UP' : 'DOWN',
    weight: ready,
    act: ready,
    bck: 0,
    type: 1,
    pid: 1,
    iid: 3,
    sid: 0,
    mode: 'http',
    algo: 'roundrobin',
  }
}

const loadOf = (tally: Tally): Row => ({ scur: tally.current, smax: tally.most, stot: tally.total })

function answersOf({ answers }: Tally): Row {
  const [other, ...byDigit] = answers
  return {
    ...Object.fromEntries(byDigit.map((count, index) => [`hrsp_${index + 1}xx`, count])),
    hrsp_other: other,
  }
}

const serverSide = (tally: Tally): Row => ({
  qcur: 0,
  qmax: 0,
  ...loadOf(tally),
  ...answersOf(tally),
  req_tot: tally.requests,
  econ: tally.refused,
  eresp: tally.lost,
  wretr: tally.retries,
  wredis: 0,
  cli_abrt: tally.clientAborts,
  srv_abrt: tally.serverAborts,
  lbtot: tally.total,
  lastsess: tally.lastAtMs === null ? -1 : secondsSince(tally.lastAtMs),
  qtime: 0,
  ctime: Math.round(tally.connectMs.value()),
  rtime: Math.round(tally.answerMs.value()),
  ttime: Math.round(tally.totalMs.value()),
})

const secondsSince = (ms: number): number => Math.max(0, Math.floor((Date.now() - ms) / 1000))

const stateColumns =
  'be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight ' +
  'srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state ' +
  'bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr ' +
  'srv_agent_addr srv_agent_port'

/** The answer to `show servers state`, in version 1 of its format (HAProxy management guide, 9.3). */
export function serversState({ settings, slots }: Front): string {
  const lines = slotNames.map((slot, index) => {
    const state = { ready: '2 0', drain: '2 8', maint: '0 1' }[slots.stateOf(slot)]
    const since = secondsSince(slots.changedAtMs(slot))
    return `3 ${settings.name} ${index + 1} ${slot} 127.0.0.1 ${state} 1 1 ${since} 1 0 0 8 0 0 0 - ${settings.ports[slot]} - 0 0 - - 0\n`
  })
  return `1\n# ${stateColumns}\n${lines.join('')}`
}
