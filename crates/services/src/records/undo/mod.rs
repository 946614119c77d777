//! Undoing what became of chosen records, in the live table: planned, shown, applied as shown.

mod get;
mod plan;
mod run;
mod start;

pub use get::get;
pub use plan::plan;
pub use run::{UNDO_KIND, UndoRun};
pub use start::{Confirmed, start};

use tidemark_domain::{Privilege, Reach, records::Capture};

use super::find;
use crate::{Caller, ServiceError, Services, authorize::refuse};

/// The gate of every use case here. It writes into the live table, so that it is not for owners, who
/// restore beside the original.
pub(crate) async fn allowed(
    services: &Services,
    caller: &Caller,
    capture: &str,
    action: &str,
) -> Result<Capture, ServiceError> {
    if caller.role.allows(Privilege::Restore) == Reach::Owned {
        let why = "owners restore beside the original; an operator writes into the live table";
        return Err(refuse(services, caller, action, capture, why.to_owned()).await);
    }
    let view = find(services, caller, capture, Privilege::Restore, action).await?;
    Ok(view.capture)
}

/// A plan's id becomes part of an object's name.
fn is_plan_id(text: &str) -> bool {
    text.strip_prefix("undo-").is_some_and(|rest| {
        (1..=64).contains(&rest.len())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::is_plan_id;

    #[test]
    fn only_ids_of_our_own_name_a_plan() {
        assert!(is_plan_id("undo-01936b2e-7c1f-7e07-8a0d-6f2f3c0a5b11"));
        for text in ["", "undo-", "undo-../x", "undo-a/b", "plan-1", "undo-g"] {
            assert!(!is_plan_id(text), "{text}");
        }
    }
}
