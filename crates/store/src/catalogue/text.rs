//! Parts of texts, taken literally.

/// A text as one phrase of SQLite's full-text index.
pub(super) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// What `LIKE … ESCAPE '\'` finds wherever it holds the text. PostgreSQL takes the backslash so without
/// being told.
pub(super) fn pattern(text: &str) -> String {
    let literal = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{literal}%")
}
