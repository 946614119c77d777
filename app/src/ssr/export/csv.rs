use tidemark_domain::timeline::{Mark, TimelineRow};

use crate::{
    components::{describe, spot_tier},
    format::machine,
};

const HEAD: &str =
    "resource,name,type,account,region,what,when,count,tier,description,key,vault,copied_from\r\n";

/// A row per mark of each lane, oldest first (RFC 4180).
pub fn csv(rows: &[TimelineRow]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        for mark in &row.lane.marks {
            text.push_str(&line(row, mark));
        }
    }
    text
}

fn line(row: &TimelineRow, mark: &Mark) -> String {
    let resource = &row.resource;
    let only = mark.only.clone().unwrap_or_default();
    let tier = if mark.looks.is_empty() {
        ""
    } else {
        spot_tier(mark)
    };
    let fields = [
        resource.arn.to_string(),
        resource.name.clone(),
        resource.resource_type.to_string(),
        resource.account.to_string(),
        resource.region.to_string(),
        mark.kind.as_str().to_owned(),
        machine(mark.at),
        mark.count.to_string(),
        tier.to_owned(),
        describe(mark),
        only.key,
        only.vault.unwrap_or_default(),
        only.copied_from
            .map(|arn| arn.to_string())
            .unwrap_or_default(),
    ];
    format!("{}\r\n", fields.map(|text| field(&text)).join(","))
}

/// A field in quotes where it needs them. What a spreadsheet would take for a formula is kept from it.
fn field(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        assert_eq!(field("orders"), "orders");
        assert_eq!(field("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(field("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(field("-1,2"), "\"'-1,2\"");
        assert_eq!(field("two\nlines"), "\"two\nlines\"");
    }
}
