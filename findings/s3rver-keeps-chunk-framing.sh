#!/usr/bin/env bash
# s3rver stores the framing of a streamed upload as part of the object.
#
# Versions:  s3rver 3.7.1; @aws-sdk/client-s3 3.1092.0. Seen 2026-11-30.
# Expected:  nine bytes that are put come back as nine bytes, or the put is refused.
# Seen:      a body in memory is stored rightly. A body from a stream goes out with Content-Encoding aws-chunked and a checksum
#            behind it, as the SDK does by itself over HTTP; s3rver writes chunk sizes, data and checksum into the object: 50
#            bytes. Both calls succeed, and the object is delivered like that.
# Means:     a backup that streams to a store that is like S3 but older than these uploads is damaged while every call
#            succeeds, and small tests with strings pass. After the first object to such a store compare length and checksum,
#            or set requestChecksumCalculation to WHEN_REQUIRED.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts s3rver@3.7.1 @aws-sdk/client-s3@3.1092.0 >/dev/null
cat > run.cjs <<'E'
const { S3Client, CreateBucketCommand, GetObjectCommand, PutObjectCommand } = require('@aws-sdk/client-s3');
const { Readable } = require('stream');
const S3rver = require('s3rver');
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
(async () => {
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: process.cwd() + '/store' });
  const { port } = await server.run();
  const client = (options) => new S3Client({ region: 'eu-west-1', endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }, ...options });
  await client({}).send(new CreateBucketCommand({ Bucket: 'dumps' }));
  const back = async (options, body, length) => {
    await client(options).send(new PutObjectCommand({ Bucket: 'dumps', Key: 'a', Body: body, ContentLength: length }));
    const object = await client({}).send(new GetObjectCommand({ Bucket: 'dumps', Key: 'a' }));
    return (await object.Body.transformToString()).replace(/crc32:.*/s, 'crc32:...');
  };
  const stream = () => Readable.from([Buffer.from('123456789')]);
  see('from memory', await back({}, '123456789'), '123456789');
  see('from a stream', await back({}, stream(), 9), '9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:...');
  see('from a stream, checksum when required',
    await back({ requestChecksumCalculation: 'WHEN_REQUIRED' }, stream(), 9), '123456789');
  process.exit(0);
})();
E
node run.cjs 2> notices || { cat notices; exit 1; }
echo "as it was: the object holds the framing"
