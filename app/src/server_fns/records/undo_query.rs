use tidemark_domain::Invalid;

use crate::query::{Query, pairs};

/// The plan of an undo as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoQuery {
    /// The capture's id.
    pub capture: String,
    /// The plan's id.
    pub plan: String,
    /// The first action shown, from 0.
    pub start: String,
}

impl UndoQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/records/undo";

    /// The names of the address.
    pub const NAMES: [&'static str; 3] = ["capture", "plan", "start"];

    /// A plan.
    pub fn of(capture: &str, plan: &str) -> Self {
        Self {
            capture: capture.to_owned(),
            plan: plan.to_owned(),
            start: String::new(),
        }
    }

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut undo = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "capture" => undo.capture = value,
                "plan" => undo.plan = value,
                "start" => undo.start = value,
                _ => {}
            }
        }
        undo
    }

    /// The address of the page.
    pub fn href(&self) -> String {
        let mut query = Query::default();
        query
            .push("capture", &self.capture)
            .push("plan", &self.plan)
            .push("start", &self.start);
        query.on(Self::PATH)
    }

    /// The first action shown.
    pub fn first(&self) -> Result<u64, Invalid> {
        match self.start.trim() {
            "" => Ok(0),
            text => text
                .parse()
                .map_err(|_| Invalid::new("start", "must be a whole number")),
        }
    }
}
