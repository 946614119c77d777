use serde::{Deserialize, Serialize};

/// A value that breaks a rule: which field, and which rule.
///
/// Its text is meant for people: it is shown beside the field and sent in 4xx answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field as the person knows it, for example `account id`.
    pub field: String,
    /// The rule that the value breaks, as a sentence part: `must have exactly 12 digits`.
    pub rule: String,
}

impl Invalid {
    /// An error for one field.
    pub fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: rule.into(),
        }
    }

    /// The same rule under the name that the field has in a larger form.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

/// Declares a text type that can only hold values that pass its check.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses and checks the text.
            pub fn parse(text: impl AsRef<str>) -> Result<Self, $crate::text::Invalid> {
                let text = text.as_ref().trim();
                let check: fn(&str) -> Result<(), $crate::text::Invalid> = $check;
                check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// The text as it was accepted.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::text::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use checked_text;
