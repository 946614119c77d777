use std::fmt;

use jiff::SignedDuration;

/// What must hold in every world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// What came back is not deleted, unless a person cancelled before it was whole.
    KeepWhatCameBack,
    /// A run changes nothing but what was asked of it: not what was there before, not what another
    /// run made.
    ChangeOnlyItsOwn,
    /// No effect is had twice for one run.
    Once,
    /// At most one unfinished run has a target.
    OneRunPerTarget,
    /// What is asked again is the same run.
    RepeatIsOneRun,
    /// Every run ends once all is well.
    Ends,
    /// What a run says of its end is so at AWS.
    TellTheTruth,
    /// What a failed or cancelled run leaves behind is named.
    NameWhatIsLeft,
    /// The head of a run is the fold of its log.
    LogFolds,
    /// One entry in the audit log for each start.
    AuditEachStart,
    /// A look that finds nothing new writes nothing.
    QuietLooks,
    /// What may pass ends no run.
    OutlastTrouble,
    /// A run that cannot go on says why, and raises an alarm.
    SayWhyNot,
    /// Nothing panics.
    NoPanic,
}

impl Rule {
    /// Its name, as the summary counts it.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeepWhatCameBack => "keep-what-came-back",
            Self::ChangeOnlyItsOwn => "change-only-its-own",
            Self::Once => "once",
            Self::OneRunPerTarget => "one-run-per-target",
            Self::RepeatIsOneRun => "repeat-is-one-run",
            Self::Ends => "ends",
            Self::TellTheTruth => "tell-the-truth",
            Self::NameWhatIsLeft => "name-what-is-left",
            Self::LogFolds => "log-folds",
            Self::AuditEachStart => "audit-each-start",
            Self::QuietLooks => "quiet-looks",
            Self::OutlastTrouble => "outlast-trouble",
            Self::SayWhyNot => "say-why-not",
            Self::NoPanic => "no-panic",
        }
    }
}

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// When, since the world began.
    pub at: SignedDuration,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.rule.name(), self.what)
    }
}
