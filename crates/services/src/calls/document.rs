use std::fmt::Write as _;

use super::{Call, Effect};

/// The table of calls as the documentation holds it, in Markdown.
pub fn document() -> String {
    let mut text = String::from(HEAD);
    let mut calls: Vec<Call> = Call::ALL.to_vec();
    calls.sort_by_key(|call| (call.row().service, call.row().operation));
    for call in calls {
        let row = call.row();
        let effect = match row.effect {
            Effect::Read => "reads",
            Effect::Write => "writes",
        };
        let features: Vec<&str> = row.features.iter().map(|feature| feature.words()).collect();
        let mut needs: Vec<String> = call
            .needs()
            .map(|need| {
                let when = need
                    .when
                    .map_or_else(String::new, |when| format!(", {}", when.words()));
                format!("`{}` on {}{when}", need.action, need.on.words())
            })
            .collect();
        if needs.is_empty() {
            needs.push("nothing".to_owned());
        }
        // Writing into a text cannot fail.
        let _ = writeln!(
            text,
            "| `{}` {} | {effect} | {} | {} |",
            row.service,
            row.operation,
            needs.join("<br>"),
            features.join(", "),
        );
    }
    text
}

const HEAD: &str = "# Permissions

Every call of AWS that Tidemark makes, what it needs, and what for. This page is made of the table of
calls (`crates/services/src/calls/table.rs`), from which also come the roles of the accounts' template,
the session policy of each run, and the check before it. A test compares it.

- The **access role** of each account makes all calls but those of *the console itself*, *diagnosis* and
  the *command line*. `tidemark accounts template` prints it.
- A run holds an inline session policy, cut down to the calls and resources of just that run.
- What is needed only *where …* is a warning before a run, not a refusal.

| Call | | Needs | For |
|---|---|---|---|
";
