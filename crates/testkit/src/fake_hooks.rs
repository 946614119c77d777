use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde_json::json;
use tidemark_services::ports::{HookAnswer, HookCall, HookError, Hooks};

/// What an application has been asked, and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeApplication {
    /// Whether writes are paused.
    pub paused: bool,
    /// How many writes are under way; one ends with each look.
    pub in_flight: u32,
    /// The tokens by which it was paused, each once.
    pub paused_by: Vec<String>,
    /// How often it was asked to resume.
    pub resumed: u32,
    /// Somebody else has paused it: requests to pause are refused.
    pub held: bool,
    /// What it answers to requests to resume, before it does so: statuses, 0 for no answer.
    pub troubles: Vec<u16>,
    /// The bodies of requests to switch over, each with whether writes were paused.
    pub switched: Vec<(String, bool)>,
    /// The bodies of requests to verify what was restored.
    pub verified: Vec<String>,
    /// What it answers to requests to verify; success where it is 0.
    pub verdict: u16,
    /// What it answers to requests to switch over; success where it is 0.
    pub switching: u16,
}

/// An application whose writes can be paused, in memory: `/pause`, `/state`, `/resume`, `/verify` and `/switch` at any
/// host. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct FakeHooks(Arc<Mutex<FakeApplication>>);

impl FakeHooks {
    /// The application, to look at or to change.
    pub fn application(&self) -> MutexGuard<'_, FakeApplication> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Hooks for FakeHooks {
    async fn call(&self, call: &HookCall) -> Result<HookAnswer, HookError> {
        let mut application = self.application();
        let mut status = 200;
        if call.url.ends_with("/pause") {
            if application.held {
                status = 409;
            } else {
                application.paused = true;
                if !application.paused_by.contains(&call.token) {
                    application.paused_by.push(call.token.clone());
                }
            }
        } else if call.url.ends_with("/resume") {
            if application.troubles.is_empty() {
                application.paused = false;
                application.resumed += 1;
            } else {
                match application.troubles.remove(0) {
                    0 => return Err(HookError::TimedOut(10)),
                    trouble => status = trouble,
                }
            }
        }
        let body = call.body.clone().unwrap_or_default();
        if call.url.ends_with("/verify") {
            if application.verdict != 0 {
                status = application.verdict;
            }
            application.verified.push(body);
        } else if call.url.ends_with("/switch") {
            if application.switching == 0 {
                let paused = application.paused;
                // The same request twice has the effect of one.
                if !application.switched.iter().any(|(known, _)| *known == body) {
                    application.switched.push((body, paused));
                }
            } else {
                status = application.switching;
            }
        }
        let in_flight = application.in_flight;
        application.in_flight = in_flight.saturating_sub(1);
        let state = json!({"paused": application.paused, "in_flight": in_flight});
        Ok(HookAnswer {
            status,
            body: state.to_string().into_bytes(),
        })
    }
}
