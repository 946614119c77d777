//! Record-level backups: what setting one up changes, and what it has to leave.

use futures::FutureExt;
use tidemark_domain::Arn;
use tidemark_records::ports::Versioning;
use tidemark_services::ports::{Captures as _, Target};

use super::{Oracle, Rule, Wants, run_of};

impl Oracle {
    /// Something was changed for a record-level backup, such as `s3:CreateBucket records-0`.
    pub(crate) fn recorded(&self, target: &Target, change: &str) {
        let at = self.time.elapsed();
        let mut state = self.lock();
        let asked = run_of(target).and_then(|run| match state.wants(run)? {
            Wants::Capture { table, bucket } => Some((table.name().to_owned(), bucket.clone())),
            _ => None,
        });
        let mut words = change.split(' ').skip(1);
        let subject = words.next().unwrap_or_default();
        // Whoever else reads a stream loses it when it is switched off.
        let takes_away = change.ends_with("stream false");
        let allowed = asked.is_some_and(|(table, bucket)| subject == table || subject == bucket);
        if !allowed || takes_away {
            let what = format!("{change} was not asked for");
            state.violate(&self.trace, at, Rule::ChangeOnlyItsOwn, what);
        }
    }

    /// What is not as it has to be after a table was set up.
    pub(super) fn wrong_capture(&self, table: &Arn, bucket: &str) -> Option<String> {
        let Some(facts) = self.records.facts(bucket) else {
            return Some(format!("there is no bucket {bucket}"));
        };
        let is_safe = facts.versioning == Versioning::Enabled
            && facts.blocks_public_access
            && facts.encryption.is_some()
            && facts.policy.is_some();
        if !is_safe {
            return Some(format!("bucket {bucket} is not protected: {facts:?}"));
        }
        let known = self.captures.of_table(table).now_or_never();
        let known = known.and_then(Result::ok).unwrap_or_default();
        let here = known.iter().filter(|known| known.capture.bucket == bucket);
        match here.count() {
            1 => None,
            number => Some(format!(
                "the console knows {number} backups of {table} in {bucket}"
            )),
        }
    }
}
