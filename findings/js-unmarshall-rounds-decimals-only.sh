#!/usr/bin/env bash
# The AWS SDK for JavaScript keeps every digit of a large integer and silently drops those of a decimal.
#
# Versions:  @aws-sdk/util-dynamodb 3.996.9. Seen 2026-11-30.
# Expected:  numbers of DynamoDB (38 digits) that JavaScript's number cannot hold are either kept or refused, one way for all.
# Seen:      three ways. An integer beyond 2^53 comes as a BigInt, exact. A decimal beyond 2^53 raises an error that names
#            wrapNumbers. A decimal below it with more than 17 digits is rounded without a word.
# Means:     a table copy or dump that reads with unmarshall() and writes with marshall() passes tests with large ids and
#            fails loudly on large amounts, so it seems safe; rates, coordinates and prices with many places come back
#            changed. Keep the attribute values as they are on the wire, or pass wrapNumbers.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts --legacy-peer-deps @aws-sdk/util-dynamodb@3.996.9 >/dev/null
cat > run.cjs <<'E'
const { marshall, unmarshall } = require('@aws-sdk/util-dynamodb');
const see = (what, number, options, before) => {
  let got;
  try {
    got = marshall(unmarshall({ n: { N: number } }, options)).n.N;
  } catch (error) {
    got = /wrapNumbers/.test(error.message) ? 'an error that names wrapNumbers' : error.message;
  }
  console.log(`${what} ${number} -> ${got}`);
  if (got !== before) {
    console.log(`CHANGED, it was: ${before}`);
    process.exit(1);
  }
};
const integer = '12345678901234567890123456789012345678';
see('integer', integer, {}, integer);
see('large decimal', '12345678901234567.5', {}, 'an error that names wrapNumbers');
see('small decimal', '0.12345678901234567890123', {}, '0.12345678901234568');
see('small decimal, wrapNumbers', '0.12345678901234567890123', { wrapNumbers: true }, '0.12345678901234567890123');
E
node run.cjs
echo "as it was: integers exact, decimals rounded"
