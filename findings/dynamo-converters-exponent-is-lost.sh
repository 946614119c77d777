#!/usr/bin/env bash
# dynamo-converters reads its own 1e+21 as 1.
#
# Versions:  dynamo-converters 9.1.1. Seen 2026-11-30.
# Expected:  itemToData(dataToItem(x)) gives x, and a number that cannot be kept raises an error.
# Seen:      the library writes large and small numbers with an exponent, as JavaScript spells them ({N: "1e+21"}), which
#            DynamoDB accepts; reading the same text it stops at the "e" and answers 1. Even {N: "1e5"} becomes 1. A number
#            with a decimal point is read whole, so "-2.5e-3" is right and tests with such numbers pass.
# Means:     dumps of DynamoDB items made by programs in JavaScript carry such spellings. Read back through this library an
#            amount is wrong by any factor without an error. Compare totals after a restore, not only counts of items.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts dynamo-converters@9.1.1 >/dev/null
cat > run.cjs <<'E'
const { dataToItem, itemToData } = require('dynamo-converters');
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
const item = dataToItem({ amount: 1e21 });
see('1e21 as an item', item, { amount: { N: '1e+21' } });
see('that item read again', itemToData(item), { amount: 1 });
see('1e-7, there and back', itemToData(dataToItem({ amount: 1e-7 })), { amount: 1 });
see('{N: "1e5"}', itemToData({ amount: { N: '1e5' } }), { amount: 1 });
see('{N: "-2.5e-3"}', itemToData({ amount: { N: '-2.5e-3' } }), { amount: -0.0025 });
E
node run.cjs
echo "as it was: the exponent is lost"
