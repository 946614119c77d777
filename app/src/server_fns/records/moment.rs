//! Moments as forms and addresses write them: UTC, to the second.

use jiff::Timestamp;
use tidemark_domain::Invalid;

/// A moment as the field of a form takes it: `2026-11-21T03:18:43`.
pub(crate) fn field_of(at: Timestamp) -> String {
    at.to_string()[..19].to_owned()
}

/// Reads a moment; none where nothing is written. Browsers leave out zero seconds.
pub(crate) fn read(field: &str, text: &str) -> Result<Option<Timestamp>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.trim_end_matches(['Z', 'z']).replacen(' ', "T", 1);
    let seconds = if plain.len() == 16 { ":00" } else { "" };
    let read = format!("{plain}{seconds}Z").parse::<Timestamp>().ok();
    match read.filter(|_| plain.len() >= 16) {
        Some(at) => Ok(Some(at)),
        None => Err(Invalid::new(
            field,
            "must be a moment in UTC such as 2026-11-21T03:18:43",
        )),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn moments_come_back_as_they_went() {
        let at: Timestamp = "2026-11-21T03:18:43Z".parse().unwrap();
        assert_eq!(read("from", &field_of(at)).unwrap(), Some(at));
        assert_eq!(read("from", "2026-11-21 03:18:43").unwrap(), Some(at));
        assert_eq!(
            read("from", "2026-11-21T03:18").unwrap(),
            Some("2026-11-21T03:18:00Z".parse().unwrap())
        );
        assert_eq!(read("from", " ").unwrap(), None);
        for text in ["yesterday", "2026-11-21", "2026-13-01T00:00", "1", "ZZ"] {
            assert_eq!(read("to", text).unwrap_err().field, "to", "{text}");
        }
    }
}
