//! Who looks at a page, and how the server tells the pages so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::{Me, Privilege};

/// What every page knows about its request. Made on the server, read again while hydrating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The person, when signed in.
    pub me: Option<Me>,
    /// The server's time when the page was made: relative times count from here.
    pub now: Timestamp,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// The console runs against the sandbox with its well-known users.
    pub demo: bool,
}

impl Session {
    /// Whether a control that needs `privilege` is worth showing.
    pub fn may(&self, privilege: Privilege) -> bool {
        self.me.as_ref().is_some_and(|me| me.may(privilege))
    }
}

/// The choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The cookie that keeps the choice.
    pub const COOKIE: &'static str = "tidemark_theme";

    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of cookie and form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Parses the value of cookie or form; anything else is the system's.
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == text)
            .unwrap_or_default()
    }

    /// Reads the choice from a `Cookie` header.
    pub fn from_cookies(header: &str) -> Self {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == Self::COOKIE)
            .map_or_else(Self::default, |(_, value)| Self::parse(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_found_among_other_cookies() {
        assert_eq!(
            Theme::from_cookies("id=1; tidemark_theme=dark; x=y"),
            Theme::Dark
        );
        assert_eq!(Theme::from_cookies("id=1"), Theme::System);
        assert_eq!(Theme::from_cookies("tidemark_theme=<b>"), Theme::System);
    }
}
