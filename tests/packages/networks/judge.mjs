// Reads one text a line, as JSON; writes what X counts of it and what Bluesky's own client marks in it.
import { createInterface } from 'node:readline'
import { RichText } from '@atproto/api'
import twitter from 'twitter-text'

for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line)
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const weight = twitter.parseTweet(text).weightedLength
  console.log(JSON.stringify({ weight, graphemes: rich.graphemeLength, facets: rich.facets ?? [] }))
}
