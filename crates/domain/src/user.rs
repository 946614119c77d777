//! Local users as pages, programs and the command line see them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Role;

/// A local user: no password, no hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The password was made for them and must be changed at the next sign-in.
    pub must_change_password: bool,
    /// Too many wrong passwords: no sign-in before this. Past moments count for nothing.
    pub locked_until: Option<Timestamp>,
    /// No sign-in since then.
    pub disabled_at: Option<Timestamp>,
    /// The last time they signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When they were made.
    pub created_at: Timestamp,
}

impl UserSummary {
    /// Whether they can sign in at that moment.
    pub fn state(&self, now: Timestamp) -> UserState {
        if self.disabled_at.is_some() {
            UserState::Disabled
        } else if self.locked_until.is_some_and(|until| until > now) {
            UserState::LockedOut
        } else if self.must_change_password {
            UserState::OneTimePassword
        } else {
            UserState::Enabled
        }
    }
}

/// Whether a user can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// With their own password.
    Enabled,
    /// With the password that was made for them, which they must change then.
    OneTimePassword,
    /// Not for a while: too many wrong passwords.
    LockedOut,
    /// Not until an admin enables them.
    Disabled,
}

impl UserState {
    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::OneTimePassword => "one-time password",
            Self::LockedOut => "locked out",
            Self::Disabled => "disabled",
        }
    }
}

/// A password that was made for somebody. It is shown once, where it was asked for, and never printed otherwise.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OneTimePassword(String);

impl OneTimePassword {
    /// Wraps it.
    pub fn new(password: String) -> Self {
        Self(password)
    }

    /// The password itself: for its hash, and for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

/// A user with the password that was just made for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPassword {
    /// Whose it is.
    pub user: UserSummary,
    /// What they sign in with once.
    pub password: OneTimePassword,
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn the_state_says_what_keeps_somebody_out_first() {
        let now = Timestamp::UNIX_EPOCH;
        let mut user = UserSummary {
            name: "anna".to_owned(),
            role: Role::Viewer,
            must_change_password: false,
            locked_until: None,
            disabled_at: None,
            last_sign_in_at: None,
            created_at: now,
        };
        assert_eq!(user.state(now), UserState::Enabled);
        user.must_change_password = true;
        assert_eq!(user.state(now), UserState::OneTimePassword);
        user.locked_until = Some(now + SignedDuration::from_secs(30));
        assert_eq!(user.state(now), UserState::LockedOut);
        assert_eq!(
            user.state(now + SignedDuration::from_secs(30)),
            UserState::OneTimePassword
        );
        user.disabled_at = Some(now);
        assert_eq!(user.state(now), UserState::Disabled);
    }

    #[test]
    fn a_one_time_password_is_not_printed() {
        let password = OneTimePassword::new("open sesame".to_owned());
        assert!(!format!("{password:?}").contains("sesame"));
    }
}
