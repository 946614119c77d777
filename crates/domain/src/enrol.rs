//! Many accounts registered at once.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Features, Region, RoleArn};

/// What registering the accounts of a file would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolPlan {
    /// The accounts that would be registered, in the order of the file.
    pub accounts: Vec<PlannedAccount>,
    /// What is wrong in the file. As long as there is any, nothing is registered unless that is asked for.
    pub wrong: Vec<WrongLine>,
    /// What tells this plan from every other.
    pub digest: String,
}

/// One account of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAccount {
    /// The line, the first being 1.
    pub line: u64,
    /// The account.
    pub account: AccountId,
    /// The name for people.
    pub alias: String,
    /// The role that the console will assume.
    pub role: RoleArn,
    /// Regions that will be read.
    pub regions: Vec<Region>,
    /// What the role is made for.
    pub features: Features,
}

/// What is wrong in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongLine {
    /// The line, the first being 1.
    pub line: u64,
    /// The column, the first being 1; none where the line as a whole is wrong.
    pub column: Option<u32>,
    /// The column's name as the first line has it; empty where the line as a whole is wrong.
    pub name: String,
    /// What is wrong, in a sentence.
    pub rule: String,
}

impl WrongLine {
    /// Where it is: `line 3, column 2 (alias)`.
    pub fn place(&self) -> String {
        match self.column {
            Some(column) => format!("line {}, column {column} ({})", self.line, self.name),
            None => format!("line {}", self.line),
        }
    }
}

/// What became of the accounts of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Each account, in the order of the file.
    pub accounts: Vec<EnrolledAccount>,
    /// What was left out because it is wrong.
    pub wrong: Vec<WrongLine>,
}

/// What became of one account of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledAccount {
    /// The line, the first being 1.
    pub line: u64,
    /// The account.
    pub account: AccountId,
    /// The name for people.
    pub alias: String,
    /// It is registered now.
    pub added: bool,
    /// Why it is not; empty where it is.
    pub why: String,
}
