use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::CaptureStatus;
use crate::{AccountId, Arn, Region};

/// How far the stored changes may lie behind before the console says so.
const BEHIND: SignedDuration = SignedDuration::from_mins(10);

/// A table whose changes are kept record by record in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Its id, a UUID of version 7.
    pub id: String,
    /// Account of table and bucket.
    pub account: AccountId,
    /// Region of table and bucket.
    pub region: Region,
    /// The table.
    pub table: Arn,
    /// The bucket.
    pub bucket: String,
    /// What stands before the table's name in the bucket, without a slash at its end; may be empty.
    pub prefix: String,
    /// How changes are stored.
    pub layout: CaptureLayout,
    /// Who reads the table's stream.
    pub mode: CaptureMode,
    /// When it was set up.
    pub created_at: Timestamp,
    /// Who set it up.
    pub created_by: String,
}

impl Capture {
    /// The table's name.
    pub fn table_name(&self) -> &str {
        self.table.name()
    }
}

/// How changes are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureLayout {
    /// Batches of changes, sorted and compressed.
    #[default]
    Segments,
    /// One object per record, which other tools read, too.
    Objects,
}

impl CaptureLayout {
    /// Every layout.
    pub const ALL: [Self; 2] = [Self::Segments, Self::Objects];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Objects => "objects",
        }
    }

    /// Parses a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.as_str() == text)
    }
}

/// Who reads the table's stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureMode {
    /// The console's own workers.
    #[default]
    Embedded,
    /// A Lambda function in the table's account.
    Function,
    /// Nobody: what was stored stays.
    Off,
}

impl CaptureMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Embedded, Self::Function, Self::Off];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Function => "function",
            Self::Off => "off",
        }
    }

    /// Parses a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// A capture with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureView {
    /// The capture.
    pub capture: Capture,
    /// The account's alias.
    pub alias: String,
    /// What was last known of it.
    pub status: CaptureStatus,
    /// How it stands, as of the answer.
    pub state: CaptureState,
}

/// How a capture stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureState {
    /// Nobody reads the stream.
    Off,
    /// Something keeps changes from being stored.
    Failing,
    /// The table's first copy is not whole yet.
    SettingUp,
    /// Changes of more than ten minutes ago are not stored yet.
    Behind,
    /// Changes are stored as they come.
    Capturing,
}

impl CaptureState {
    /// How a capture of this mode and status stands at `now`.
    pub fn of(mode: CaptureMode, status: &CaptureStatus, now: Timestamp) -> Self {
        let is_old = |at: Timestamp| now.duration_since(at) > BEHIND;
        if mode == CaptureMode::Off {
            Self::Off
        } else if status.last_error.is_some() {
            Self::Failing
        } else if status.complete_from.is_none() {
            Self::SettingUp
        } else if status
            .read_until
            .or(status.complete_from)
            .is_none_or(is_old)
        {
            // Right after the first copy the stream has told nothing yet.
            Self::Behind
        } else {
            Self::Capturing
        }
    }

    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Failing => "failing",
            Self::SettingUp => "setting up",
            Self::Behind => "behind",
            Self::Capturing => "capturing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::CaptureTrouble;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn of(mode: CaptureMode, status: &CaptureStatus) -> CaptureState {
        CaptureState::of(mode, status, second(10_000))
    }

    #[test]
    fn stored_words_are_read_back() {
        for mode in CaptureMode::ALL {
            assert_eq!(CaptureMode::parse(mode.as_str()), Some(mode));
        }
        for layout in CaptureLayout::ALL {
            assert_eq!(CaptureLayout::parse(layout.as_str()), Some(layout));
        }
    }

    #[test]
    fn the_state_tells_the_worst_that_is_known() {
        let mut status = CaptureStatus::default();
        assert_eq!(of(CaptureMode::Off, &status), CaptureState::Off);
        assert_eq!(of(CaptureMode::Embedded, &status), CaptureState::SettingUp);
        status.complete_from = Some(second(9_990));
        assert_eq!(of(CaptureMode::Embedded, &status), CaptureState::Capturing);
        status.complete_from = Some(second(1));
        assert_eq!(of(CaptureMode::Embedded, &status), CaptureState::Behind);
        status.read_until = Some(second(9_000));
        assert_eq!(of(CaptureMode::Embedded, &status), CaptureState::Behind);
        status.read_until = Some(second(9_990));
        assert_eq!(of(CaptureMode::Embedded, &status), CaptureState::Capturing);
        status.last_error = Some(CaptureTrouble {
            at: second(9_995),
            message: "denied".to_owned(),
        });
        assert_eq!(of(CaptureMode::Function, &status), CaptureState::Failing);
    }
}
