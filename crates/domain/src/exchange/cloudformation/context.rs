use std::collections::BTreeMap;

use crate::{AccountId, Region};

/// What a template is read for.
#[derive(Clone, Debug, Default)]
pub struct ImportContext {
    /// `AWS::AccountId`.
    pub account: Option<AccountId>,
    /// `AWS::Region`.
    pub region: Option<Region>,
    /// Values of parameters, where one is missing its default counts; and of what only a deployment knows,
    /// under the name that [`crate::exchange::Unknown::parameter`] gives it.
    pub parameters: BTreeMap<String, String>,
}
