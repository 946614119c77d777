//! What is in trouble at present: accounts that cannot be reached, throttle or deny, a store that is
//! away. Once it is calm, nothing is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::SignedDuration;
use tidemark_domain::AccountId;
use tidemark_services::ports::{CloudError, CloudErrorKind};
use tidemark_testkit::FakeCloud;

use crate::{dice::Dice, time::wait};

/// What is wrong with the way into an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Connections are refused.
    Unreachable,
    /// Nothing answers.
    Hangs,
    /// Every call is throttled.
    Throttled,
    /// Every call is a 500.
    Errors,
    /// The console's credentials have expired.
    Expired,
    /// The role lacks these actions.
    Denied(Vec<&'static str>),
}

/// What a role may lack for a while.
const DENIED: [&[&str]; 9] = [
    &["dynamodb:DescribeTable"],
    &["backup:DescribeBackupJob", "backup:DescribeRestoreJob"],
    &[
        "dynamodb:RestoreTableToPointInTime",
        "dynamodb:RestoreTableFromBackup",
    ],
    &["backup:StartRestoreJob", "backup:StartBackupJob"],
    &["dynamodb:UpdateTimeToLive"],
    &["dynamodb:UpdateTable", "dynamodb:TagResource"],
    &["dynamodb:UpdateContinuousBackups"],
    &["dynamodb:DeleteTable", "backup:StopBackupJob"],
    &[
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:CreateBackupSelection",
        "backup:UpdateBackupPlan",
    ],
];

impl Trouble {
    /// One of them.
    pub(crate) fn draw(dice: &Dice) -> Self {
        match dice.below(8) {
            0 => Self::Unreachable,
            1 => Self::Hangs,
            2 => Self::Throttled,
            3 => Self::Errors,
            4 => Self::Expired,
            _ => Self::Denied(dice.pick(&DENIED).copied().unwrap_or_default().to_vec()),
        }
    }
}

/// What is in trouble. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weather(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    accounts: BTreeMap<AccountId, Trouble>,
    store_is_away: bool,
    calm: bool,
}

impl Weather {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all trouble is over.
    pub(crate) fn is_calm(&self) -> bool {
        self.lock().calm
    }

    /// Ends all trouble, for good.
    pub(crate) fn calm_down(&self, aws: &FakeCloud, accounts: &[AccountId]) {
        *self.lock() = Inner {
            calm: true,
            ..Inner::default()
        };
        for account in accounts {
            aws.allow_all(account);
        }
    }

    /// Whether the store is away.
    pub(crate) fn store_is_away(&self) -> bool {
        self.lock().store_is_away
    }

    /// Takes the store away, or brings it back.
    pub(crate) fn take_store_away(&self, away: bool) {
        let mut inner = self.lock();
        inner.store_is_away = away && !inner.calm;
    }

    /// Brings an account into trouble.
    pub(crate) fn begin(&self, aws: &FakeCloud, account: &AccountId, trouble: Trouble) {
        let mut inner = self.lock();
        if inner.calm {
            return;
        }
        if let Trouble::Denied(actions) = &trouble {
            aws.deny(account, actions);
        }
        inner.accounts.insert(account.clone(), trouble);
    }

    /// Ends an account's trouble.
    pub(crate) fn end(&self, aws: &FakeCloud, account: &AccountId) {
        aws.allow_all(account);
        self.lock().accounts.remove(account);
    }

    /// What AWS, or the way there, answers to any call into the account; none lets it pass.
    pub(crate) async fn answer(&self, account: &AccountId, operation: &str) -> Option<CloudError> {
        let trouble = self.lock().accounts.get(account).cloned();
        match trouble? {
            Trouble::Unreachable => Some(unreachable(operation)),
            Trouble::Hangs => {
                wait(DEADLINE).await;
                Some(timeout(operation))
            }
            Trouble::Throttled => Some(throttled(operation)),
            Trouble::Errors => Some(error_500(operation)),
            Trouble::Expired => Some(expired(operation)),
            // The model refuses by itself.
            Trouble::Denied(_) => None,
        }
    }
}

/// How long a call waits for its answer.
pub(crate) const DEADLINE: SignedDuration = SignedDuration::from_secs(45);

fn with_code(
    kind: CloudErrorKind,
    operation: &str,
    code: &str,
    message: &str,
    status: u16,
) -> CloudError {
    CloudError {
        code: Some(code.to_owned()),
        status: Some(status),
        request_id: Some("simulated".to_owned()),
        ..CloudError::local(kind, operation, message)
    }
}

const UNREACHABLE: &str = "the endpoint cannot be reached: connection refused";
const NO_ANSWER: &str = "the endpoint did not answer within the deadline";
const RATE: &str = "Rate exceeded";
const FAILED: &str = "The request processing has failed";
const EXPIRED: &str = "The security token included in the request is expired";

/// Whether an error says what passes by itself.
pub(crate) fn may_pass(message: &str) -> bool {
    [UNREACHABLE, NO_ANSWER, RATE, FAILED, EXPIRED]
        .iter()
        .any(|known| message.contains(known))
}

/// As `tidemark-aws` tells that nothing can be reached.
pub(crate) fn unreachable(operation: &str) -> CloudError {
    CloudError::local(CloudErrorKind::Unavailable, operation, UNREACHABLE)
}

/// As `tidemark-aws` tells that no answer came in time.
pub(crate) fn timeout(operation: &str) -> CloudError {
    CloudError::local(CloudErrorKind::Timeout, operation, NO_ANSWER)
}

/// As AWS throttles.
pub(crate) fn throttled(operation: &str) -> CloudError {
    let kind = CloudErrorKind::Throttled;
    with_code(kind, operation, "ThrottlingException", RATE, 400)
}

/// As AWS fails.
pub(crate) fn error_500(operation: &str) -> CloudError {
    let kind = CloudErrorKind::Unavailable;
    with_code(kind, operation, "InternalServerError", FAILED, 500)
}

/// As AWS refuses credentials that were good a moment ago.
pub(crate) fn expired(operation: &str) -> CloudError {
    let code = "ExpiredTokenException";
    // The adapter tells it from a missing permission: the credentials are renewed.
    with_code(CloudErrorKind::Unavailable, operation, code, EXPIRED, 403)
}

/// As `DynamoDB` says that too much is going on at once, which passes; the adapter names the service.
pub(crate) fn limit_exceeded(operation: &str) -> CloudError {
    let kind = CloudErrorKind::LimitExceeded;
    let operation = &format!("dynamodb:{operation}");
    let message = "Subscriber limit exceeded: too many operations at once";
    with_code(kind, operation, "LimitExceededException", message, 400)
}
