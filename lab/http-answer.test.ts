import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAnswer } from './http-answer.ts'

type Case = Readonly<{
  title: string
  wire: string
  status: number
  body: string
  whole: boolean
  keeps: boolean
}>

const CASES: readonly Case[] = [
  {
    title: 'a body of a given length',
    wire: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    status: 200,
    body: 'hello',
    whole: true,
    keeps: true,
  },
  {
    title: 'a body cut short',
    wire: 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel',
    status: 200,
    body: 'hel',
    whole: false,
    keeps: true,
  },
  {
    title: 'chunks, with an extension and a trailer',
    wire: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nB\r\n, everybody\r\n0\r\nx-t: 1\r\n\r\n',
    status: 200,
    body: 'hello, everybody',
    whole: true,
    keeps: true,
  },
  {
    title: 'chunks without the last one',
    wire: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n',
    status: 200,
    body: 'hello',
    whole: false,
    keeps: true,
  },
  {
    title: 'an interim answer before the answer',
    wire: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n',
    status: 201,
    body: '',
    whole: true,
    keeps: true,
  },
  {
    title: 'an answer after which the connection closes',
    wire: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\nConnection: close\r\n\r\nbusy',
    status: 503,
    body: 'busy',
    whole: true,
    keeps: false,
  },
  {
    title: 'an answer without a body',
    wire: 'HTTP/1.1 204 No Content\r\n\r\n',
    status: 204,
    body: '',
    whole: true,
    keeps: true,
  },
]

describe('an answer is read the same however its bytes arrive', () => {
  for (const { title, wire, status, body, whole, keeps } of CASES)
    for (const [pace, size] of Object.entries({ 'at once': wire.length, 'byte by byte': 1, 'in threes': 3 }))
      test(`${title}, ${pace}`, () => {
        let got = ''
        const reader = readAnswer((piece) => (got += piece.toString()))
        let isWhole = false
        for (let at = 0; at < wire.length; at += size)
          isWhole = reader.feed(Buffer.from(wire.slice(at, at + size)))
        assert.deepEqual([reader.status(), got, isWhole, reader.keepsAlive()], [status, body, whole, keeps])
      })
})

test('an answer without length or chunks lasts until the connection ends', () => {
  let got = ''
  const reader = readAnswer((piece) => (got += piece.toString()))
  assert.equal(reader.feed(Buffer.from('HTTP/1.1 200 OK\r\n\r\nsome')), false)
  assert.equal(reader.feed(Buffer.from(' more')), false)
  assert.deepEqual([got, reader.mayEndHere(), reader.keepsAlive()], ['some more', true, false])
})

test('what is no HTTP, or too much of it, is an error', () => {
  const wrongs = [
    ['SSH-2.0-OpenSSH\r\n\r\n', /not an HTTP answer/],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab', /1 bytes came after/],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', /not a chunk size/],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore', /4 bytes came after/],
  ] as const
  for (const [wire, complaint] of wrongs)
    assert.throws(() => readAnswer(() => undefined).feed(Buffer.from(wire)), complaint)
})
