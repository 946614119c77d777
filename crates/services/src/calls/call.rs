/// Makes of the rows what is derived from all of them: the enum, the list, the way to a row.
macro_rules! rows {
    ($($call:ident = $service:literal $operation:literal, $effect:ident,
       [$($feature:ident),* $(,)?], [$($need:expr),* $(,)?] $(+ $group:ident)*;)*) => {
        /// A call of AWS that Tidemark makes. Nothing calls AWS but by one of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Call {
            $(#[doc = concat!("`", $service, ":", $operation, "`")] $call,)*
        }

        impl Call {
            /// Every call.
            pub const ALL: &'static [Self] = &[$(Self::$call),*];

            /// What the table knows of it.
            pub const fn row(self) -> &'static Row {
                match self {
                    $(Self::$call => const {
                        &Row {
                            service: $service,
                            operation: $operation,
                            name: concat!($service, ":", $operation),
                            effect: Effect::$effect,
                            features: &[$(Feature::$feature),*],
                            needs: &[&[$($need),*], $($group),*],
                        }
                    },)*
                }
            }
        }
    };
}
pub(super) use rows;

use std::fmt;

use super::{Call, Need};

impl Call {
    /// How errors and logs name it: `service:Operation`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The call of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|call| call.name() == name)
    }

    /// What the caller must be allowed.
    pub fn needs(self) -> impl Iterator<Item = &'static Need> {
        self.row().needs.iter().copied().flatten()
    }

    /// The action that it is itself; none for one that needs no permission.
    pub fn action(self) -> Option<&'static str> {
        self.needs().next().map(|need| need.action)
    }

    /// The actions that it needs always.
    pub fn actions(self) -> impl Iterator<Item = &'static str> {
        self.needs()
            .filter(|need| need.when.is_none())
            .map(|need| need.action)
    }

    /// What is no call of its own, and has a row all the same: what AWS asks of the caller of another,
    /// or asks for under another action.
    pub const INDIRECT: &'static [Self] = &[
        Self::StartAwsBackupJob,
        Self::TagNewPoint,
        Self::TagNewVault,
        Self::EncryptNewVault,
        Self::RestoreTableFromAwsBackup,
        Self::GetObjectVersion,
        Self::PutObjectTagging,
        Self::GetObjectRetention,
        Self::GetObjectLegalHold,
        Self::PutObjectRetention,
        Self::PutObjectLegalHold,
        Self::DeleteObjectVersion,
        Self::AssumeProvedRole,
    ];

    /// Whether the account's access role makes it.
    pub fn is_of_access_role(self) -> bool {
        self.row()
            .features
            .iter()
            .any(|feature| feature.is_of_access_role())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Call> for String {
    fn from(call: Call) -> Self {
        call.name().to_owned()
    }
}
