import { escapeFault } from './escape.ts'
import { quoted, quotedCharacter } from './quote.ts'
import { type Token, type TokenType, typeOfWord } from './token.ts'
import { QueryTrouble } from './trouble.ts'

const isSpace = (sign: string): boolean => sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r'
const isDigit = (sign: string): boolean => sign >= '0' && sign <= '9'
const isLetter = (sign: string): boolean =>
  sign === '_' || (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z')
const isWordSign = (sign: string): boolean => isLetter(sign) || isDigit(sign)

const alone: Readonly<Record<string, TokenType>> = {
  ',': ',',
  '*': '*',
  '/': '/',
  '%': '%',
  '+': '+',
  '-': '-',
  '^': '^',
  '@': '@',
}

/** Cuts a query into tokens, one at a time, so that the first mistake of the text is the one that is told. */
export class Lexer {
  readonly #query: string
  #at = 0
  #start = 0
  #parens = 0
  #isInBraces = false
  #isInBrackets = false
  #hasColon = false
  /** After `[`, where only a duration may stand. */
  #wantsDuration = false

  constructor(query: string) {
    this.#query = query
  }

  next(): Token {
    this.#skip()
    this.#start = this.#at
    if (this.#wantsDuration) return this.#rangeDuration()
    return this.#isInBraces ? this.#inBraces() : this.#statement()
  }

  /** Spaces and comments; after `[` only spaces. */
  #skip(): void {
    for (;;) {
      while (isSpace(this.#peek())) this.#at += 1
      if (this.#wantsDuration || this.#peek() !== '#') return
      while (this.#at < this.#query.length && !/[\r\n]/.test(this.#peek())) this.#at += 1
    }
  }

  #statement(): Token {
    const sign = this.#take()
    const type = alone[sign]
    if (type !== undefined) return this.#token(type)
    if (isDigit(sign) || (sign === '.' && isDigit(this.#peek()))) return this.#numberOrDuration()
    if (sign === '"' || sign === "'" || sign === '`') return this.#string(sign)
    if (isLetter(sign) || sign === ':') return this.#isInBrackets ? this.#colon(sign) : this.#word()
    switch (sign) {
      case '':
        return this.#endOfInput()
      case '=':
        return this.#equals()
      case '!':
        return this.#not()
      case '<':
        return this.#token(this.#accept('=') ? '<=' : '<')
      case '>':
        return this.#token(this.#accept('=') ? '>=' : '>')
      default:
        return this.#bracket(sign)
    }
  }

  #bracket(sign: string): Token {
    switch (sign) {
      case '(':
        this.#parens += 1
        return this.#token('(')
      case ')':
        this.#parens -= 1
        if (this.#parens < 0) throw this.#unexpectedClosing(')', 'unexpected right parenthesis')
        return this.#token(')')
      case '{':
        this.#isInBraces = true
        return this.#token('{')
      case '[':
        if (this.#isInBrackets) throw this.#trouble(`unexpected left bracket ${quotedCharacter('[')}`)
        this.#hasColon = false
        this.#isInBrackets = true
        this.#wantsDuration = true
        return this.#token('[')
      case ']':
        if (!this.#isInBrackets) throw this.#trouble(`unexpected right bracket ${quotedCharacter(']')}`)
        this.#isInBrackets = false
        return this.#token(']')
      default:
        throw this.#trouble(`unexpected character: ${quotedCharacter(sign)}`)
    }
  }

  #endOfInput(): Token {
    if (this.#parens !== 0) throw this.#trouble('unclosed left parenthesis')
    if (this.#isInBrackets) throw this.#trouble('unclosed left bracket')
    return this.#token('end of input')
  }

  #equals(): Token {
    if (this.#accept('=')) return this.#token('==')
    if (this.#peek() === '~')
      throw this.#trouble(`unexpected character after '=': ${quotedCharacter(this.#peek())}`)
    return this.#token('=')
  }

  #not(): Token {
    if (this.#accept('=')) return this.#token('!=')
    throw this.#trouble(`unexpected character after '!': ${quotedCharacter(this.#peek())}`)
  }

  /** Letters in brackets read as a colon there, and are told to be one when there is one already. */
  #colon(sign: string): Token {
    if (this.#hasColon) throw this.#trouble(`unexpected colon ${quotedCharacter(sign)}`)
    this.#hasColon = true
    return this.#token(':')
  }

  #inBraces(): Token {
    const sign = this.#take()
    if (isLetter(sign)) {
      while (isWordSign(this.#peek())) this.#at += 1
      return this.#token('identifier')
    }
    switch (sign) {
      case '':
        throw this.#trouble('unexpected end of input inside braces')
      case ',':
        return this.#token(',')
      case '"':
      case "'":
      case '`':
        return this.#string(sign)
      case '=':
        return this.#token(this.#accept('~') ? '=~' : '=')
      case '!':
        if (this.#accept('~')) return this.#token('!~')
        if (this.#accept('=')) return this.#token('!=')
        throw this.#trouble(`unexpected character after '!' inside braces: ${quotedCharacter(this.#peek())}`)
      case '{':
        throw this.#trouble(`unexpected left brace ${quotedCharacter('{')}`)
      case '}':
        this.#isInBraces = false
        return this.#token('}')
      default:
        throw this.#trouble(`unexpected character inside braces: ${quotedCharacter(sign)}`)
    }
  }

  #word(): Token {
    while (isWordSign(this.#peek()) || this.#peek() === ':') this.#at += 1
    return this.#token(typeOfWord(this.#text()))
  }

  #rangeDuration(): Token {
    this.#wantsDuration = false
    if (this.#scanNumber()) throw this.#trouble('missing unit character in duration')
    if (this.#restOfDuration()) return this.#token('duration')
    throw this.#trouble(`bad duration syntax: ${quoted(this.#text())}`)
  }

  #numberOrDuration(): Token {
    this.#at = this.#start
    if (this.#scanNumber()) return this.#token('number')
    if (this.#restOfDuration()) return this.#token('duration')
    throw this.#trouble(`bad number or duration syntax: ${quoted(this.#text())}`)
  }

  /** Whether a number stands here and ends; it may still be none, which the parser tells. */
  #scanNumber(): boolean {
    const digits = this.#accept('0') && (this.#accept('x') || this.#accept('X')) ? /[0-9a-fA-F]/ : /[0-9]/
    this.#acceptAll(digits)
    if (this.#accept('.')) this.#acceptAll(digits)
    if (this.#accept('e') || this.#accept('E')) {
      if (!this.#accept('+')) this.#accept('-')
      this.#acceptAll(/[0-9]/)
    }
    return !isWordSign(this.#peek())
  }

  /** Units with numbers between them, after the first number. Where they end wrongly, the wrong sign is taken too. */
  #restOfDuration(): boolean {
    if (!this.#acceptOneOf('smhdwy')) return false
    this.#accept('s')
    while (isDigit(this.#peek())) {
      this.#acceptAll(/[0-9]/)
      if (!this.#acceptOneOf('smhdw')) return false
      this.#accept('s')
    }
    if (!isWordSign(this.#peek())) return true
    this.#at += 1
    return false
  }

  #string(quote: string): Token {
    for (;;) {
      const at = this.#at
      const sign = this.#take()
      if (sign === quote) return this.#token('string')
      const isRaw = quote === '`'
      if (sign === '' || (sign === '\n' && !isRaw))
        throw this.#trouble(isRaw ? 'unterminated raw string' : 'unterminated quoted string')
      if (sign === '\ufffd' || /^[\ud800-\udfff]$/.test(sign)) throw this.#trouble('invalid UTF-8 rune')
      if (sign !== '\\' || isRaw) continue
      const escape = escapeFault(this.#query, at + 1, quote)
      if (escape.fault !== null) throw this.#trouble(escape.fault)
      this.#at = escape.end
    }
  }

  #token(type: TokenType): Token {
    return { type, text: this.#text(), start: this.#start, end: this.#at }
  }

  #text(): string {
    return this.#query.slice(this.#start, this.#at)
  }

  #trouble(what: string): QueryTrouble {
    return new QueryTrouble(this.#query, this.#start, what)
  }

  /** Told at the place after the sign. */
  #unexpectedClosing(sign: string, what: string): QueryTrouble {
    return new QueryTrouble(this.#query, this.#at, `${what} ${quotedCharacter(sign)}`)
  }

  /** The next character, as a whole even outside the basic plane; empty at the end. */
  #peek(): string {
    const point = this.#query.codePointAt(this.#at)
    return point === undefined ? '' : String.fromCodePoint(point)
  }

  #take(): string {
    const sign = this.#peek()
    this.#at += sign.length
    return sign
  }

  #accept(sign: string): boolean {
    const isThere = this.#peek() === sign
    if (isThere) this.#at += sign.length
    return isThere
  }

  #acceptOneOf(list: string): boolean {
    const isThere = this.#peek() !== '' && list.includes(this.#peek())
    if (isThere) this.#at += 1
    return isThere
  }

  #acceptAll(form: RegExp): void {
    while (form.test(this.#peek())) this.#at += 1
  }
}
