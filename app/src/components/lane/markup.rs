//! Markup as text. A page of lanes has thousands of marks that never change once they are drawn: as
//! text they cost hydration nothing.

use std::fmt::Write as _;

/// Markup under construction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Markup(String);

impl Markup {
    /// Appends markup; what comes from outside must have gone through [`escape`].
    pub(crate) fn push(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(markup);
    }

    /// The text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// Text as it stands in markup, also between quotation marks.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_of_a_text_is_taken_for_markup() {
        assert_eq!(
            escape("<a href=\"x\">&amp;"),
            "&lt;a href=&quot;x&quot;&gt;&amp;amp;"
        );
    }
}
