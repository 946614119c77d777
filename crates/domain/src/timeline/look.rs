use serde::{Deserialize, Serialize};

use crate::{PointSource, RecoveryPoint, Tier};

/// What a timeline tells apart of a recovery point: shape by source, colour by tier, badges by state.
///
/// On the wire and in the catalogue it is a number, so that points can be counted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct Look {
    /// Who made it.
    pub source: PointSource,
    /// Where it is stored.
    pub tier: Tier,
    /// How it is.
    pub state: State,
    /// Its vault is locked.
    pub locked: bool,
    /// It is a copy of another point.
    pub copy: bool,
}

/// How a recovery point is, as far as a timeline tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Complete.
    Complete,
    /// On its way.
    Creating,
    /// Complete in part.
    Partial,
    /// A continuous point that is continued no more.
    Stopped,
    /// It should be gone and could not be deleted.
    Undeletable,
    /// On its way out.
    Deleting,
    /// A status that the console does not know.
    Other,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Complete,
        Self::Creating,
        Self::Partial,
        Self::Stopped,
        Self::Undeletable,
        Self::Deleting,
        Self::Other,
    ];

    /// Reads the status as AWS words it.
    pub fn of(status: &str) -> Self {
        match status {
            "COMPLETED" | "AVAILABLE" => Self::Complete,
            "CREATING" => Self::Creating,
            "PARTIAL" => Self::Partial,
            "STOPPED" => Self::Stopped,
            "EXPIRED" => Self::Undeletable,
            "DELETING" => Self::Deleting,
            _ => Self::Other,
        }
    }

    /// The words shown; none for what is as it should be.
    pub fn badge(self) -> Option<&'static str> {
        match self {
            Self::Complete => None,
            Self::Creating => Some("being made"),
            Self::Partial => Some("partial"),
            Self::Stopped => Some("stopped"),
            Self::Undeletable => Some("expired, could not be deleted"),
            Self::Deleting => Some("being deleted"),
            Self::Other => Some("in a state that is not known"),
        }
    }

    /// Something is the matter with the point.
    pub fn is_flaw(self) -> bool {
        matches!(self, Self::Partial | Self::Undeletable | Self::Other)
    }
}

impl Look {
    /// How a point looks.
    pub fn of(point: &RecoveryPoint) -> Self {
        Self {
            source: point.source,
            tier: point.tier,
            state: State::of(&point.status),
            locked: point.locked,
            copy: point.is_copy(),
        }
    }

    /// The number that stands for it.
    pub fn code(self) -> u16 {
        let place = |found: Option<usize>| found.and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
        let source = place(PointSource::ALL.iter().position(|s| *s == self.source));
        let state = place(State::ALL.iter().position(|s| *s == self.state));
        source
            | u16::from(self.tier == Tier::Cold) << 4
            | state << 5
            | u16::from(self.locked) << 8
            | u16::from(self.copy) << 9
    }

    /// The look that a number stands for; a source or state that is not known is an unknown state of
    /// AWS Backup.
    pub fn from_code(code: u16) -> Self {
        let state = State::ALL.get(usize::from(code >> 5 & 7));
        let source = PointSource::ALL.get(usize::from(code & 15));
        Self {
            source: source.copied().unwrap_or(PointSource::AwsBackup),
            tier: if code & 16 == 0 {
                Tier::Warm
            } else {
                Tier::Cold
            },
            state: match source {
                Some(_) => state.copied().unwrap_or(State::Other),
                None => State::Other,
            },
            locked: code & 256 != 0,
            copy: code & 512 != 0,
        }
    }
}

impl From<u16> for Look {
    fn from(code: u16) -> Self {
        Self::from_code(code)
    }
}

impl From<Look> for u16 {
    fn from(look: Look) -> Self {
        look.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_comes_back_from_its_number() {
        for source in PointSource::ALL {
            for tier in [Tier::Warm, Tier::Cold] {
                for state in State::ALL {
                    for (locked, copy) in [(false, false), (true, false), (false, true)] {
                        let look = Look {
                            source,
                            tier,
                            state,
                            locked,
                            copy,
                        };
                        assert_eq!(Look::from_code(look.code()), look);
                    }
                }
            }
        }
    }

    #[test]
    fn the_numbers_do_not_change() {
        let plain = Look {
            source: PointSource::AwsBackup,
            tier: Tier::Warm,
            state: State::Complete,
            locked: false,
            copy: false,
        };
        assert_eq!(plain.code(), 0);
        let special = Look {
            source: PointSource::MemoryDbSnapshot,
            tier: Tier::Cold,
            state: State::Undeletable,
            locked: true,
            copy: true,
        };
        assert_eq!(special.code(), 4 | 16 | 4 << 5 | 256 | 512);
    }
}
