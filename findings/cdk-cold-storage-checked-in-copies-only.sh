#!/usr/bin/env bash
# The CDK refuses a lifecycle for a copy that it accepts for the very backup that is copied.
#
# Versions:  aws-cdk-lib 2.276.0; cfn-lint 1.58.0 for comparison. Seen 2026-11-30.
# Expected:  AWS Backup wants a recovery point to stay 90 days at least in cold storage, so moveToColdStorageAfter 30 and
#            deleteAfter 31 days are refused when the stack is synthesized, for a rule as for a copy action.
# Seen:      the copy action is refused with just that reason; the rule with the same two numbers is synthesized. cfn-lint
#            knows the rule (E3504) and refuses the template.
# Means:     for a rule the mistake shows itself only when the stack is deployed. Run cfn-lint over what the CDK wrote.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm install --loglevel=error --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null
python3 -m venv --without-pip v
python3 -m pip --python v/bin/python install -q --no-compile --disable-pip-version-check cfn-lint==1.58.0
cat > run.cjs <<'E'
const { App, Duration, Stack, aws_backup: backup, assertions } = require('aws-cdk-lib');
const see = (what, got, before) => {
  console.log(`${what}: ${JSON.stringify(got)}`);
  if (JSON.stringify(got) !== JSON.stringify(before)) {
    console.log(`CHANGED, it was: ${JSON.stringify(before)}`);
    process.exit(1);
  }
};
const lifecycle = { moveToColdStorageAfter: Duration.days(30), deleteAfter: Duration.days(31) };
const template = (rule) => {
  const stack = new Stack(new App(), 'Orders');
  const plan = new backup.BackupPlan(stack, 'Plan', { backupVault: new backup.BackupVault(stack, 'Vault') });
  try {
    plan.addRule(new backup.BackupPlanRule(rule(new backup.BackupVault(stack, 'Copies'))));
  } catch (error) {
    return /at least 90 days later/.test(error.message) ? 'refused: at least 90 days later' : error.message;
  }
  return assertions.Template.fromStack(stack).toJSON();
};
see('as a copy', template((vault) => ({ copyActions: [{ destinationBackupVault: vault, ...lifecycle }] })),
  'refused: at least 90 days later');
const written = template(() => lifecycle);
const plan = Object.values(written.Resources).find(({ Type }) => Type === 'AWS::Backup::BackupPlan');
const { Lifecycle } = plan.Properties.BackupPlan.BackupPlanRule[0];
see('as a rule', Lifecycle, { DeleteAfterDays: 31, MoveToColdStorageAfterDays: 30 });
require('fs').writeFileSync('template.json', JSON.stringify(written));
E
node run.cjs
codes=$(v/bin/cfn-lint --format parseable template.json | grep -o ':E[0-9]*' | sort -u | tr -d '\n' || true)
echo "cfn-lint on that template: $codes"
[ "$codes" = ":E3504" ] || { echo "CHANGED, it was: :E3504"; exit 1; }
echo "as it was: refused for a copy only"
