use tidemark_domain::{Check, RestoreRequest};

use super::super::source::Source;
use crate::Services;

const NAME: &str = "The name is free";

pub(super) async fn check(services: &Services, request: &RestoreRequest, source: &Source) -> Check {
    let Some(table) = &request.target_table else {
        return Check::unknown(
            NAME,
            "AWS Backup checks names of this type only when the job starts.",
            "If the name is taken, the job fails and nothing is overwritten.",
        );
    };
    match services.cloud.table(&source.target, table).await {
        Ok(None) => Check::pass(NAME, format!("No table is called {table} there.")),
        Ok(Some(_)) => Check::fail(
            NAME,
            format!("A table called {table} exists there already."),
            "Choose another name; a restore never overwrites a table.",
        ),
        Err(error) => Check::unknown(
            NAME,
            format!("Could not be checked: {error}"),
            "The restore is refused by DynamoDB if the name is taken.",
        ),
    }
}
