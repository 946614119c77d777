use jiff::Timestamp;
use tidemark_domain::{
    Privilege,
    coverage::{CoverageFilter, CoverageRow},
};

use super::{estate::Estate, report::matching};
use crate::{Caller, ServiceError, Services, authorize};

const HEAD: [&str; 13] = [
    "arn",
    "name",
    "type",
    "account",
    "region",
    "owner",
    "protected",
    "plans",
    "unprotected_since",
    "newest",
    "oldest",
    "last_restore",
    "failed_controls",
];

/// The rows of the report as CSV (RFC 4180), one column for each control.
pub async fn csv(
    services: &Services,
    caller: &Caller,
    filter: &CoverageFilter,
) -> Result<String, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "coverage.csv",
        "",
    )
    .await?;
    let estate = Estate::read(services, grant.owner()).await?;
    let mut head: Vec<String> = HEAD.map(str::to_owned).to_vec();
    let ids = estate.controls.iter().map(|control| &control.id);
    head.extend(ids.clone().map(|id| format!("control:{id}")));
    let mut text = line(&head);
    for row in matching(&estate, filter) {
        let mut fields = fields(row);
        fields.extend(ids.clone().map(|id| {
            row.results
                .iter()
                .find(|(own, _)| own == id)
                .map(|(_, result)| result.verdict.as_str().to_owned())
                .unwrap_or_default()
        }));
        text.push_str(&line(&fields));
    }
    Ok(text)
}

fn fields(row: &CoverageRow) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    vec![
        row.arn.to_string(),
        row.name.clone(),
        row.resource_type.to_string(),
        row.account.to_string(),
        row.region.to_string(),
        row.owner.clone().unwrap_or_default(),
        row.coverage.as_str().to_owned(),
        row.plans.join("; "),
        time(row.unprotected_since),
        time(row.newest),
        time(row.oldest),
        time(row.last_restore),
        row.failed().to_string(),
    ]
}

fn line(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| escape(field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// Quotes what needs quotes, and keeps spreadsheets from taking names for formulas.
fn escape(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        assert_eq!(escape("a,b"), "\"a,b\"");
        assert_eq!(escape("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(escape("=cmd()"), "'=cmd()");
        assert_eq!(escape("plain"), "plain");
    }
}
