use std::collections::BTreeMap;

use csv::{Position, ReaderBuilder, StringRecord, Trim};
use tidemark_domain::{
    AccountId, Invalid,
    enrol::{PlannedAccount, WrongLine},
};

use super::add::{AddAccount, parse};

/// Columns that a file has, and whether it must.
const COLUMNS: [(&str, bool); 5] = [
    ("account", true),
    ("alias", true),
    ("regions", true),
    ("role", false),
    ("features", false),
];

/// Accounts of one file.
const MOST: usize = 1_000;

/// Reads a file of accounts: what is right in it, and everything that is wrong, each with its place.
pub(super) fn read(text: &str) -> (Vec<PlannedAccount>, Vec<WrongLine>) {
    let text = text.trim_start_matches('\u{feff}');
    let mut wrong = Vec::new();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let columns = match records.next() {
        None => {
            wrong.push(of_line(
                1,
                "is missing: the first line names the columns account, alias, regions",
            ));
            return (Vec::new(), wrong);
        }
        Some(Err(error)) => {
            wrong.push(unreadable(text, &error));
            return (Vec::new(), wrong);
        }
        Some(Ok(head)) => columns(&head, &mut wrong),
    };
    if !wrong.is_empty() {
        return (Vec::new(), wrong);
    }
    let mut planned = Vec::new();
    let mut seen: BTreeMap<AccountId, u64> = BTreeMap::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                wrong.push(unreadable(text, &error));
                continue;
            }
        };
        let line = record
            .position()
            .map_or(0, |position| line_at(text, position));
        if planned.len() >= MOST {
            wrong.push(of_line(
                line,
                &format!("is beyond the {MOST} accounts that one file may hold"),
            ));
            break;
        }
        match account(&record, line, &columns) {
            Err(found) => wrong.extend(found),
            Ok(account) => {
                if let Some(first) = seen.insert(account.account.clone(), line) {
                    wrong.push(of_column(
                        line,
                        &columns,
                        "account",
                        format!("is in line {first} already"),
                    ));
                } else {
                    planned.push(account);
                }
            }
        }
    }
    if planned.is_empty() && wrong.is_empty() {
        wrong.push(of_line(2, "is missing: the file names no account"));
    }
    (planned, wrong)
}

/// The names of the columns as the first line has them.
fn columns(head: &StringRecord, wrong: &mut Vec<WrongLine>) -> Vec<String> {
    let names: Vec<String> = head.iter().map(str::to_lowercase).collect();
    let known: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    for (index, name) in names.iter().enumerate() {
        let at = |rule: String| WrongLine {
            line: 1,
            column: u32::try_from(index + 1).ok(),
            name: name.clone(),
            rule,
        };
        if !known.contains(&name.as_str()) {
            wrong.push(at(format!(
                "must be one of the columns {}",
                known.join(", ")
            )));
        } else if names[..index].contains(name) {
            wrong.push(at("is there twice".to_owned()));
        }
    }
    for (name, needed) in COLUMNS {
        if needed && !names.iter().any(|have| have == name) {
            wrong.push(of_line(1, &format!("must name the column {name}")));
        }
    }
    names
}

/// One account, or everything that is wrong with it.
fn account(
    record: &StringRecord,
    line: u64,
    columns: &[String],
) -> Result<PlannedAccount, Vec<WrongLine>> {
    if record.len() != columns.len() {
        return Err(vec![of_line(
            line,
            &format!(
                "has {} fields, and the first line names {} columns: quote what holds a comma",
                record.len(),
                columns.len()
            ),
        )]);
    }
    let field = |name: &str| {
        columns
            .iter()
            .position(|column| column == name)
            .and_then(|index| record.get(index))
            .unwrap_or_default()
            .to_owned()
    };
    let whole = AddAccount {
        account: field("account"),
        alias: field("alias"),
        role: field("role"),
        regions: field("regions"),
        features: field("features"),
    };
    // Each field by itself, so that all that is wrong is told at once.
    let right = AddAccount {
        account: "000000000000".to_owned(),
        alias: "a".to_owned(),
        role: String::new(),
        regions: "us-east-1".to_owned(),
        features: String::new(),
    };
    let mut wrong = Vec::new();
    let mut judge = |name: &str, form: &AddAccount| {
        if let Err(Invalid { rule, .. }) = parse(form).map(drop) {
            wrong.push(of_column(line, columns, name, rule));
        }
    };
    judge(
        "account",
        &AddAccount {
            account: whole.account.clone(),
            ..right.clone()
        },
    );
    judge(
        "alias",
        &AddAccount {
            alias: whole.alias.clone(),
            ..right.clone()
        },
    );
    judge(
        "regions",
        &AddAccount {
            regions: whole.regions.clone(),
            ..right.clone()
        },
    );
    judge(
        "features",
        &AddAccount {
            features: whole.features.clone(),
            ..right.clone()
        },
    );
    // A role must be of the account beside it.
    if AccountId::parse(&whole.account).is_ok() {
        judge(
            "role",
            &AddAccount {
                account: whole.account.clone(),
                role: whole.role.clone(),
                ..right
            },
        );
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let entered = parse(&whole).map_err(|invalid| vec![of_line(line, &invalid.to_string())])?;
    Ok(PlannedAccount {
        line,
        account: entered.id,
        alias: entered.alias,
        role: entered.role,
        regions: entered.regions,
        features: entered.features,
    })
}

fn of_line(line: u64, rule: &str) -> WrongLine {
    WrongLine {
        line,
        column: None,
        name: String::new(),
        rule: rule.to_owned(),
    }
}

pub(super) fn of_account(line: u64, text: &str, rule: String) -> WrongLine {
    let head = text.lines().next().unwrap_or_default();
    let columns: Vec<String> = head
        .trim_start_matches('\u{feff}')
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_lowercase())
        .collect();
    of_column(line, &columns, "account", rule)
}

fn of_column(line: u64, columns: &[String], name: &str, rule: String) -> WrongLine {
    WrongLine {
        line,
        column: columns
            .iter()
            .position(|column| column == name)
            .and_then(|index| u32::try_from(index + 1).ok()),
        name: name.to_owned(),
        rule,
    }
}

/// The line that a record begins in. Where the record before ends with two characters, or empty lines follow it, the reader
/// still stands before these.
fn line_at(text: &str, position: &Position) -> u64 {
    let begin = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let bytes = text.as_bytes();
    let begin = begin.min(bytes.len());
    let skipped = bytes[begin..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    let before = bytes[..begin + skipped]
        .iter()
        .filter(|byte| **byte == b'\n');
    u64::try_from(before.count()).unwrap_or(u64::MAX) + 1
}

fn unreadable(text: &str, error: &csv::Error) -> WrongLine {
    let line = error
        .position()
        .map_or(1, |position| line_at(text, position));
    of_line(line, "cannot be read: it must be text in UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let (_, wrong) = read(text);
        wrong.iter().map(WrongLine::place).collect()
    }

    #[test]
    fn a_file_is_read_whatever_the_order_of_its_columns_and_line_ends() {
        let text = "\u{feff}Alias, account ,regions,features\r\norders,111122223333,\"eu-west-1, us-east-1\",backup;plans\r\nmedia,000000000042,eu-west-1,\r\n";
        let text = text.replace("media", "\r\nmedia");
        let (planned, wrong) = read(&text);
        assert_eq!(wrong, []);
        assert_eq!(planned.len(), 2);
        assert_eq!((planned[0].line, planned[0].alias.as_str()), (2, "orders"));
        assert_eq!(planned[0].regions.len(), 2);
        assert_eq!(
            planned[0].role.as_str(),
            "arn:aws:iam::111122223333:role/TidemarkAccess"
        );
        assert!(!planned[0].features.is_all() && planned[1].features.is_all());
        assert_eq!(planned[1].account.as_str(), "000000000042");
        assert_eq!(planned[1].line, 4, "empty lines count");
    }

    #[test]
    fn everything_wrong_is_told_with_line_and_column() {
        let text = "account,alias,regions,role\n\
                    1234,,Frankfurt,\n\
                    111122223333,orders,eu-west-1,arn:aws:iam::999999999999:role/x\n\
                    222233334444,media,eu-west-1\n\
                    333344445555,a,eu-west-1,\n\
                    333344445555,b,eu-west-1,\n";
        assert_eq!(
            places(text),
            [
                "line 2, column 1 (account)",
                "line 2, column 2 (alias)",
                "line 2, column 3 (regions)",
                "line 3, column 4 (role)",
                "line 4",
                "line 6, column 1 (account)",
            ]
        );
    }

    #[test]
    fn a_first_line_that_is_no_head_is_refused() {
        assert_eq!(places(""), ["line 1"]);
        assert_eq!(places("account,alias,regions\n"), ["line 2"]);
        assert_eq!(
            places("account,alias,region,account\n1,2,3,4\n"),
            [
                "line 1, column 3 (region)",
                "line 1, column 4 (account)",
                "line 1"
            ]
        );
    }
}
