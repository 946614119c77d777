use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use awsim_iam_policy::PolicyDocument;
use jiff::{SignedDuration, Timestamp};

/// A role session made by `AssumeRole`.
#[derive(Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "RoleSessionName is what the API calls it"
)]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) role_arn: String,
    pub(crate) role_name: String,
    pub(crate) session_name: String,
    pub(crate) source_identity: Option<String>,
    pub(crate) assumed_role_id: String,
    pub(crate) access_key: String,
    pub(crate) secret: String,
    pub(crate) token: String,
    /// Wall time: SDKs refresh by their own clock, which the simulated one does not move.
    pub(crate) expires: Timestamp,
    /// Session policies: when there are any, an action needs one of them to allow it besides the role.
    pub(crate) policies: Vec<PolicyDocument>,
    pub(crate) tags: Vec<(String, String)>,
}

impl Session {
    /// ARN of the session.
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:sts::{}:assumed-role/{}/{}",
            self.account, self.role_name, self.session_name
        )
    }
}

/// What is known of a session before its credentials are made.
pub(crate) struct NewSession {
    pub(crate) account: String,
    pub(crate) role_arn: String,
    pub(crate) role_name: String,
    pub(crate) role_id: String,
    pub(crate) session_name: String,
    pub(crate) source_identity: Option<String>,
    pub(crate) lifetime: SignedDuration,
    pub(crate) policies: Vec<PolicyDocument>,
    pub(crate) tags: Vec<(String, String)>,
}

/// The sessions that were issued, by access key id.
#[derive(Debug, Default)]
pub(crate) struct SessionStore {
    sessions: RwLock<HashMap<String, Arc<Session>>>,
}

impl SessionStore {
    pub(crate) fn get(&self, access_key: &str) -> Option<Arc<Session>> {
        self.sessions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(access_key)
            .cloned()
    }

    /// Makes credentials for a session; those that expired an hour ago are forgotten on the way.
    pub(crate) fn issue(&self, new: NewSession, now: Timestamp) -> Arc<Session> {
        let hex = || uuid::Uuid::new_v4().simple().to_string();
        let session = Arc::new(Session {
            assumed_role_id: format!("{}:{}", new.role_id, new.session_name),
            account: new.account,
            role_arn: new.role_arn,
            role_name: new.role_name,
            session_name: new.session_name,
            source_identity: new.source_identity,
            access_key: format!("ASIA{}", hex()[..16].to_uppercase()),
            secret: format!("{}{}", hex(), hex())[..40].to_owned(),
            token: format!("FwoGZXIvYXdzE{}{}{}", hex(), hex(), hex()),
            expires: now + new.lifetime,
            policies: new.policies,
            tags: new.tags,
        });
        let mut sessions = self
            .sessions
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let forget = now - SignedDuration::from_hours(1);
        sessions.retain(|_, session| session.expires > forget);
        sessions.insert(session.access_key.clone(), Arc::clone(&session));
        session
    }
}
