use tidemark_domain::records::{CaptureMode, SetupRequest};
use tidemark_services::records::setup;
use tidemark_testkit::build;

use super::{Filled, Form, Visit};
use crate::oracle::{Wants, reason};

impl Visit<'_> {
    /// Sets a table up for record-level backups. Its stream is left to a function.
    pub(super) async fn set_up(&self) -> Option<Filled> {
        // The records' AWS knows tables by name alone: those of one account.
        let scope = self.world.estate.scopes.first()?;
        let tables = self.world.estate.tables.iter();
        let tables: Vec<_> = tables.filter(|table| table.scope == *scope).collect();
        let table = self.dice().pick(&tables)?;
        let bucket = format!("records-{}", self.dice().below(2));
        let arn = build::table_arn(scope, &table.name);
        let ask = self.world.oracle.ask(
            &self.person.caller.name,
            Wants::Capture {
                table: arn.clone(),
                bucket: bucket.clone(),
            },
        );
        let request = SetupRequest {
            mode: CaptureMode::Function,
            prefix: "records/".to_owned(),
            reason: reason(ask),
            ..SetupRequest::of_table(arn, bucket)
        };
        let caller = self.person.caller.clone();
        let shown = self
            .ask(move |services| async move { setup::preview(&services, &caller, request).await })
            .await?;
        match shown {
            Ok(shown) => Some(Filled {
                ask,
                form: Form::SetUp(shown.request, shown.digest),
            }),
            Err(error) => {
                self.refused(ask, &error);
                None
            }
        }
    }
}
