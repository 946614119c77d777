//! The console speaks in the words of its glossary.

use std::fs;

use anyhow::bail;

use crate::{paths, stamp};

/// Where people are spoken to.
const FOLDERS: [&str; 8] = [
    "app/src",
    "crates/aws/src",
    "crates/domain/src",
    "crates/dumps/src",
    "crates/hooks/src",
    "crates/records/src",
    "crates/services/src",
    "server/src",
];

/// A phrase that `docs/glossary.md` has another word for.
#[derive(Debug, PartialEq, Eq)]
struct Banned {
    phrase: String,
    /// Only as a whole label.
    whole: bool,
    instead: String,
}

/// Texts for people hold no phrase that the glossary names in its last column.
pub(super) fn check() -> anyhow::Result<()> {
    let root = paths::root();
    let glossary = fs::read_to_string(root.join("docs/glossary.md"))?;
    let banned = banned(&glossary)?;
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    for folder in FOLDERS {
        files.extend(stamp::files_below(&root.join(folder))?);
    }
    for file in files {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = file.strip_prefix(&root).unwrap_or(&file).display();
        for (at, line) in fs::read_to_string(&file)?.lines().enumerate() {
            for text in texts(line) {
                wrong.extend(found(text, &banned).map(|banned| {
                    format!(
                        "{name}:{}: \u{201c}{}\u{201d} is called {}",
                        at + 1,
                        banned.phrase,
                        banned.instead
                    )
                }));
            }
        }
    }
    if !wrong.is_empty() {
        bail!(
            "words that are not in docs/glossary.md:\n{}",
            wrong.join("\n")
        );
    }
    Ok(())
}

fn banned(glossary: &str) -> anyhow::Result<Vec<Banned>> {
    let rows = glossary.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix('|')?.split('|');
        Some((cells.next()?.trim(), cells.nth(1)?))
    });
    let mut banned = Vec::new();
    for (instead, not) in rows {
        for phrase in not.split('`').skip(1).step_by(2) {
            let whole = phrase.strip_prefix('"').and_then(|p| p.strip_suffix('"'));
            banned.push(Banned {
                phrase: whole.unwrap_or(phrase).to_owned(),
                whole: whole.is_some(),
                instead: instead.to_owned(),
            });
        }
    }
    if banned.is_empty() {
        bail!("docs/glossary.md names no word that is not used");
    }
    Ok(banned)
}

/// The texts of a line of code for people: what stands in quotes and has a capital or a blank, which names of fields,
/// classes and paths have not.
fn texts(line: &str) -> impl Iterator<Item = &str> {
    let code = line.trim_start();
    let comment = code.starts_with("//") || code.starts_with("#[");
    let texts = if comment { "" } else { line };
    let spoken = |text: &&str| text.chars().any(|c| c.is_uppercase() || c == ' ');
    texts.split('"').skip(1).step_by(2).filter(spoken)
}

fn found<'a>(text: &str, banned: &'a [Banned]) -> impl Iterator<Item = &'a Banned> + use<'a> {
    let text = text.trim().to_owned();
    let words = text
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric() && c != '_', " ");
    let words = format!(" {words} ");
    banned.iter().filter(move |banned| {
        if banned.whole {
            text == banned.phrase
        } else {
            words.contains(&format!(" {} ", banned.phrase))
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn phrases_are_found_as_words_and_labels_as_a_whole() {
        let banned =
            banned("| word | meaning | not |\n| Fix | done about it | `mend`, `\"Do it\"` |")
                .unwrap();
        let in_line = |line: &str| {
            let of = |text| found(text, &banned).count();
            texts(line).map(of).sum::<usize>()
        };
        assert_eq!(in_line("<p>\"Mend what fails.\"</p>"), 1);
        assert_eq!(in_line("<p>\"We recommend it. Amend nothing\"</p>"), 0);
        assert_eq!(in_line("<b>\"Do it\"</b>"), 1);
        assert_eq!(in_line("<b>\"Do it now\"</b>"), 0);
        assert_eq!(in_line("// \"Mend it\""), 0);
    }
}
