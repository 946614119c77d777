use crate::Invalid;

/// How alike two names must be for the one to be offered in place of the other (Jaro-Winkler).
const ALIKE: f64 = 0.75;

/// The known name that was most likely meant.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = plain(name);
    known
        .iter()
        .map(|candidate| (*candidate, alike(&plain, &self::plain(candidate))))
        .filter(|(_, score)| *score >= ALIKE)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(candidate, _)| candidate)
}

/// A name with the same letters at one end is near, however long the rest is.
fn alike(name: &str, candidate: &str) -> f64 {
    let contained = candidate.len() >= 4
        && name.len() >= 4
        && (name.contains(candidate) || candidate.contains(name));
    let score = strsim::jaro_winkler(name, candidate);
    if contained { score.max(0.8) } else { score }
}

/// Without what spellings differ in: `deleteAfterDays`, `delete-after-days`, `delete_after_days`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// The refusal of a member that nobody knows, with what was most likely meant.
pub fn unknown(field: &str, name: &str, known: &[&str]) -> Invalid {
    let rule = match (nearest(name, known), known) {
        (Some(near), _) => format!("is not known here; did you mean {near}?"),
        (None, []) => "is not known here; nothing is expected".to_owned(),
        (None, _) => format!("is not known here; known are {}", listed(known)),
    };
    Invalid::new(shortened(field), rule)
}

/// Names as a list for people.
pub(super) fn listed(names: &[&str]) -> String {
    names.join(", ")
}

/// What came from outside, short enough to be shown.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_offered() {
        let filter = [
            "resource",
            "account",
            "region",
            "vault",
            "resource_type",
            "limit",
        ];
        for (name, meant) in [
            ("valt", "vault"),
            ("Vault", "vault"),
            ("vault_name", "vault"),
            ("resourceType", "resource_type"),
            ("acount", "account"),
        ] {
            assert_eq!(nearest(name, &filter), Some(meant), "{name}");
        }
        assert_eq!(nearest("zzz", &filter), None);
        assert_eq!(
            nearest("Selections", &["BackupPlan", "BackupSelections"]),
            Some("BackupSelections")
        );
    }

    #[test]
    fn a_refusal_names_the_member_and_stays_short() {
        let refusal = unknown("matching.valt", "valt", &["vault"]);
        assert_eq!(
            refusal.to_string(),
            "matching.valt: is not known here; did you mean vault?"
        );
        let long = "ä".repeat(10_000);
        assert!(unknown(&long, &long, &["vault"]).to_string().len() < 400);
    }
}
