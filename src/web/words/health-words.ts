import type { HostHealth } from '../state/host-health.ts'
import type { Tone } from './status-words.ts'

export function healthWords(health: HostHealth): string {
  switch (health.type) {
    case 'fenced':
    case 'no recipe':
    case 'away':
      return health.type
    case 'not looked at':
      return 'not looked at yet'
    case 'changed since':
      return 'changed since the last look'
    case 'differs':
      return `differs in ${health.found}`
    case 'same':
      return 'as its recipes say'
  }
}

export function healthTone(health: HostHealth): Tone {
  switch (health.type) {
    case 'fenced':
    case 'away':
      return 'bad'
    case 'no recipe':
    case 'not looked at':
    case 'changed since':
      return 'quiet'
    case 'differs':
      return 'care'
    case 'same':
      return 'good'
  }
}
