use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Feature, Features};
use crate::{AccountId, Region, Scope, ScopeError};

/// What is known of a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// The role may.
    Allowed,
    /// It may not.
    Denied,
    /// Nobody could be asked.
    Unknown,
}

impl Allowance {
    /// The word shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unknown => "not known",
        }
    }
}

/// What denies an action, as `SimulatePrincipalPolicy` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeniedBy {
    /// No policy of the role allows it.
    NoPolicy,
    /// A statement of one of the role's policies denies it.
    Statement,
    /// The role's permissions boundary does not let it.
    Boundary,
    /// A service control policy of the account's organization does not let it.
    Organization,
}

impl DeniedBy {
    /// In words, after an action's name.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoPolicy => "no policy of the role allows it",
            Self::Statement => "a policy of the role denies it",
            Self::Boundary => "the role's permissions boundary does not allow it",
            Self::Organization => "a service control policy of the organization does not allow it",
        }
    }
}

/// One action on one kind of resource, and what the role may do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPermission {
    /// As IAM names it.
    pub action: String,
    /// On what, in words.
    pub on: String,
    /// What AWS was asked about: an ARN with a made-up name, or `*`.
    pub resource: String,
    /// What needs it.
    pub features: Vec<Feature>,
    /// In which cases alone it is needed, in words; none where always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What the role may.
    pub state: Allowance,
    /// What denies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DeniedBy>,
    /// It was allowed at some time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_allowed: bool,
    /// Since when it is denied after it was allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<Timestamp>,
}

impl ActionPermission {
    /// What tells it from every other of the same report.
    pub fn key(&self) -> (&str, &str) {
        (&self.action, &self.on)
    }
}

/// What an account's access role may do in one Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionReport {
    /// Where.
    pub scope: Scope,
    /// When AWS was asked.
    pub made_at: Timestamp,
    /// What the role is made for.
    pub features: Features,
    /// The link of the way in that is broken; nothing is known of permissions then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<ScopeError>,
    /// Why IAM could not be asked, where what is known was found by trying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_asked: Option<String>,
    /// Types of resources that AWS Backup is not opted in to protect here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opted_out: Vec<String>,
    /// Every action that the role's features need, by name.
    pub actions: Vec<ActionPermission>,
}

/// What the role may do of one feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeaturePermissions {
    /// Which.
    pub feature: Feature,
    /// How it stands as a whole.
    pub state: FeatureState,
    /// Actions that are allowed.
    pub allowed: u32,
    /// Actions that are denied and needed always.
    pub denied: u32,
    /// Actions that are denied and needed in some cases.
    pub sometimes: u32,
    /// Actions of which nothing is known.
    pub unknown: u32,
    /// Of the denied, those that were allowed before.
    pub lost: u32,
}

/// How a feature stands in an account and Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureState {
    /// All that it needs is allowed.
    Allowed,
    /// What it needs in some cases only is denied.
    Mostly,
    /// Something that it needs is denied.
    Denied,
    /// Something could not be asked, and nothing is denied.
    Unknown,
    /// The role is not made for it.
    Off,
}

impl FeatureState {
    /// Every state, in the order in which filters list them.
    pub const ALL: [Self; 5] = [
        Self::Allowed,
        Self::Mostly,
        Self::Denied,
        Self::Unknown,
        Self::Off,
    ];

    /// The word shown, and the one in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Mostly => "mostly",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::Off => "off",
        }
    }

    /// The state of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl PermissionReport {
    /// What each feature of the access role may do.
    pub fn by_feature(&self) -> Vec<FeaturePermissions> {
        Feature::of_access_role()
            .map(|feature| self.of(feature))
            .collect()
    }

    /// What one feature may do.
    pub fn of(&self, feature: Feature) -> FeaturePermissions {
        let mut sums = FeaturePermissions {
            feature,
            state: FeatureState::Off,
            allowed: 0,
            denied: 0,
            sometimes: 0,
            unknown: 0,
            lost: 0,
        };
        if !self.features.enables(feature) {
            return sums;
        }
        for one in self
            .actions
            .iter()
            .filter(|a| a.features.contains(&feature))
        {
            match (one.state, &one.when) {
                (Allowance::Allowed, _) => sums.allowed += 1,
                (Allowance::Denied, None) => sums.denied += 1,
                (Allowance::Denied, Some(_)) => sums.sometimes += 1,
                (Allowance::Unknown, _) => sums.unknown += 1,
            }
            if one.lost_at.is_some() {
                sums.lost += 1;
            }
        }
        sums.state = match sums {
            FeaturePermissions { denied: 1.., .. } => FeatureState::Denied,
            FeaturePermissions { unknown: 1.., .. } => FeatureState::Unknown,
            _ if sums.allowed == 0 && sums.sometimes == 0 => FeatureState::Unknown,
            FeaturePermissions { sometimes: 1.., .. } => FeatureState::Mostly,
            _ => FeatureState::Allowed,
        };
        sums
    }

    /// Takes over what the report before knew, and tells what has changed since.
    ///
    /// What nobody could be asked about has not changed. A permission is lost as long as it is denied after
    /// it was once allowed.
    pub fn follow(&mut self, before: Option<&Self>) -> Vec<PermissionChange> {
        let mut changes = Vec::new();
        for one in &mut self.actions {
            let old = before
                .and_then(|report| report.actions.iter().find(|other| other.key() == one.key()));
            let was_allowed = old.is_some_and(|old| old.was_allowed);
            match one.state {
                Allowance::Allowed => one.was_allowed = true,
                Allowance::Denied => {
                    one.was_allowed = was_allowed;
                    one.lost_at = was_allowed
                        .then(|| old.and_then(|old| old.lost_at).unwrap_or(self.made_at));
                }
                Allowance::Unknown => {
                    one.was_allowed = was_allowed;
                    one.lost_at = old.and_then(|old| old.lost_at);
                }
            }
            let Some(old) = old else { continue };
            let known = old.state != Allowance::Unknown && one.state != Allowance::Unknown;
            if known && (old.state, old.by) != (one.state, one.by) {
                changes.push(PermissionChange {
                    at: self.made_at,
                    region: self.scope.region.clone(),
                    action: one.action.clone(),
                    on: one.on.clone(),
                    was: old.state,
                    now: one.state,
                    by: one.by,
                });
            }
        }
        changes
    }
}

/// A permission that came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionChange {
    /// When that was found.
    pub at: Timestamp,
    /// Where.
    pub region: Region,
    /// The action.
    pub action: String,
    /// On what, in words.
    pub on: String,
    /// What was known before.
    pub was: Allowance,
    /// What is known since.
    pub now: Allowance,
    /// What denies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DeniedBy>,
}

/// One account and Region in the table of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// The account.
    pub account: AccountId,
    /// Its alias.
    pub alias: String,
    /// The Region.
    pub region: Region,
    /// When AWS was asked; none before the first time.
    pub made_at: Option<Timestamp>,
    /// The link of the way in that is broken.
    pub broken: Option<ScopeError>,
    /// What each feature may do; empty before the first report.
    pub features: Vec<FeaturePermissions>,
    /// Permissions that are denied after they were allowed: actions, and since when the first of them.
    pub lost: Option<Lost>,
}

/// Permissions that are denied after they were allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The actions, by name.
    pub actions: Vec<String>,
    /// Since when the first of them.
    pub since: Timestamp,
}

impl PermissionReport {
    /// Its row in the table of all.
    pub fn row(&self, alias: &str) -> PermissionRow {
        let lost: Vec<&ActionPermission> = self
            .actions
            .iter()
            .filter(|one| one.lost_at.is_some())
            .collect();
        let mut actions: Vec<String> = lost.iter().map(|one| one.action.clone()).collect();
        actions.sort_unstable();
        actions.dedup();
        PermissionRow {
            account: self.scope.account.clone(),
            alias: alias.to_owned(),
            region: self.scope.region.clone(),
            made_at: Some(self.made_at),
            broken: self.broken.clone(),
            features: self.by_feature(),
            lost: lost
                .iter()
                .filter_map(|one| one.lost_at)
                .min()
                .map(|since| Lost { actions, since }),
        }
    }
}

/// A report with what mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionDetail {
    /// What the role may.
    pub report: PermissionReport,
    /// Sums of each feature.
    pub features: Vec<FeaturePermissions>,
    /// The policy that the role lacks, as JSON; none where no policy of the role would mend anything.
    pub role_policy: Option<String>,
    /// What its permissions boundary has to allow besides, as JSON.
    pub boundary_policy: Option<String>,
    /// What a person has to see to by hand, in sentences.
    pub by_hand: Vec<String>,
}

/// All that is known of an account's permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPermissions {
    /// The account.
    pub account: AccountId,
    /// Its alias.
    pub alias: String,
    /// What its role is made for.
    pub features: Features,
    /// By Region, in the order of registration; Regions that were not asked about yet are left out.
    pub regions: Vec<PermissionDetail>,
    /// What came and went, newest first.
    pub changes: Vec<PermissionChange>,
}

/// Which rows of the table of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionFilter {
    /// Only this account.
    pub account: Option<AccountId>,
    /// Only this Region.
    pub region: Option<Region>,
    /// Only this feature's column, and of the states below this feature's.
    pub feature: Option<Feature>,
    /// Only rows in which a feature stands so.
    pub state: Option<FeatureState>,
    /// Only rows that have lost a permission.
    pub lost: bool,
}

impl PermissionFilter {
    /// Whether it takes a row.
    pub fn takes(&self, row: &PermissionRow) -> bool {
        let is = |feature: &FeaturePermissions| {
            self.feature.is_none_or(|wanted| wanted == feature.feature)
                && self.state.is_none_or(|wanted| wanted == feature.state)
        };
        self.account.as_ref().is_none_or(|id| *id == row.account)
            && self
                .region
                .as_ref()
                .is_none_or(|region| *region == row.region)
            && (!self.lost || row.lost.is_some())
            && (self.state.is_none() || row.features.iter().any(is))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn report(minute: i64, state: Allowance, by: Option<DeniedBy>) -> PermissionReport {
        PermissionReport {
            scope: Scope {
                account: AccountId::parse("111122223333").unwrap(),
                region: Region::parse("eu-west-1").unwrap(),
            },
            made_at: Timestamp::from_second(minute * 60).unwrap(),
            features: Features::all(),
            broken: None,
            not_asked: None,
            opted_out: Vec::new(),
            actions: vec![ActionPermission {
                action: "backup:StartBackupJob".to_owned(),
                on: "the vault".to_owned(),
                resource: "*".to_owned(),
                features: vec![Feature::Backup],
                when: None,
                state,
                by,
                was_allowed: false,
                lost_at: None,
            }],
        }
    }

    #[test]
    fn a_permission_is_lost_from_its_first_denial_until_it_is_allowed_again() {
        let mut first = report(1, Allowance::Allowed, None);
        assert_eq!(first.follow(None), []);
        let mut denied = report(2, Allowance::Denied, Some(DeniedBy::NoPolicy));
        let changes = denied.follow(Some(&first));
        assert_eq!(changes.len(), 1);
        assert_eq!(
            (changes[0].was, changes[0].now),
            (Allowance::Allowed, Allowance::Denied)
        );
        assert_eq!(denied.actions[0].lost_at, Some(denied.made_at));
        assert_eq!(denied.of(Feature::Backup).state, FeatureState::Denied);
        assert_eq!(denied.of(Feature::Backup).lost, 1);

        // Nobody could be asked: still lost, and nothing changed.
        let mut dark = report(3, Allowance::Unknown, None);
        assert_eq!(dark.follow(Some(&denied)), []);
        assert_eq!(dark.actions[0].lost_at, Some(denied.made_at));
        let mut still = report(4, Allowance::Denied, Some(DeniedBy::NoPolicy));
        assert_eq!(still.follow(Some(&dark)), []);
        assert_eq!(still.row("a").lost.unwrap().since, denied.made_at);
        assert_eq!(
            dark.row("a").lost.unwrap().actions,
            ["backup:StartBackupJob"]
        );

        let mut again = report(5, Allowance::Allowed, None);
        assert_eq!(again.follow(Some(&still)).len(), 1);
        assert_eq!(again.row("a").lost, None);
    }

    #[test]
    fn what_was_never_allowed_is_not_lost() {
        let mut first = report(1, Allowance::Denied, Some(DeniedBy::NoPolicy));
        first.follow(None);
        let mut second = report(2, Allowance::Denied, Some(DeniedBy::Boundary));
        assert_eq!(
            second.follow(Some(&first)).len(),
            1,
            "denied by something else"
        );
        assert_eq!(second.actions[0].lost_at, None);
    }

    #[test]
    fn a_feature_that_is_not_chosen_is_off_and_one_that_nothing_is_known_of_is_unknown() {
        let mut report = report(1, Allowance::Allowed, None);
        report.features = Features::chosen([Feature::Plans]);
        assert_eq!(report.of(Feature::Backup).state, FeatureState::Off);
        assert_eq!(report.of(Feature::Plans).state, FeatureState::Unknown);
    }
}
