use tidemark_domain::{
    AccountId, Arn, ResourceType,
    change::{ItemState, RunItem},
    copies::{Route, diagnose},
};

use super::ask::Answer;
use crate::ports::{CloudError, CloudErrorKind, CopyJobState};

/// What a copy job says of its point; none while it is under way.
pub(super) fn ended(item: &RunItem, job: &CopyJobState, destination: &Arn) -> Option<Answer> {
    let said = job.message.as_deref().unwrap_or_default();
    match job.status.as_str() {
        "COMPLETED" => Some(Answer::Ended {
            state: ItemState::Done,
            message: None,
            request_id: None,
            made: job.copy.clone(),
        }),
        "FAILED" | "ABORTED" | "PARTIAL" => {
            let told = told(item, said, destination);
            let message = format!("The copy job ended {}. {told}", job.status);
            Some(failed(message, None))
        }
        _ => None,
    }
}

/// What a refusal to start a copy job means for its point.
pub(super) fn refused(item: &RunItem, error: &CloudError, destination: &Arn) -> Answer {
    use CloudErrorKind as K;
    let asked_before = item.state == ItemState::Asked;
    match error.kind {
        K::NotFound => Answer::Ended {
            state: ItemState::Left,
            message: Some(format!(
                "It was gone already when AWS was asked: its retention ended, or somebody deleted it. {}",
                error.message
            )),
            request_id: error.request_id.clone(),
            made: None,
        },
        // As many copies as the account may make at once are under way: the next look finds room.
        K::Throttled | K::LimitExceeded => Answer::Later {
            known: !asked_before,
            message: error.to_string(),
        },
        K::Unavailable | K::Timeout | K::Unexpected => Answer::Later {
            known: false,
            message: error.to_string(),
        },
        K::Conflict | K::Invalid => {
            let told = told(item, &error.message, destination);
            let lost = if asked_before {
                " AWS may have taken one when it was asked before and the answer was lost: look in the destination vault."
            } else {
                ""
            };
            let message = format!("AWS takes no copy job of it. {told}{lost}");
            failed(message, error.request_id.clone())
        }
        // There may be a job by now that only AWS can name.
        K::Denied if asked_before => Answer::Later {
            known: false,
            message: error.to_string(),
        },
        K::Denied => failed(error.to_string(), error.request_id.clone()),
    }
}

fn failed(message: String, request_id: Option<String>) -> Answer {
    Answer::Ended {
        state: ItemState::Failed,
        message: Some(message),
        request_id,
        made: None,
    }
}

/// What AWS says, in the words of the check before it where the cause is known, and always in its own.
fn told(item: &RunItem, said: &str, destination: &Arn) -> String {
    let aws = if said.is_empty() {
        "AWS gives no reason.".to_owned()
    } else {
        format!("AWS says: {said}")
    };
    let Ok(account) = AccountId::parse(destination.account()) else {
        return aws;
    };
    let vault = destination.resource().trim_start_matches("backup-vault:");
    let route = Route {
        source: &item.account,
        destination: &account,
        vault,
        resource_type: &type_of(&item.resource),
    };
    match diagnose(said, route) {
        Some(problem) => format!("{} {aws}", problem.words()),
        None => aws,
    }
}

/// The type of a resource, as far as its ARN says it.
fn type_of(resource: &Arn) -> ResourceType {
    let begins = |start: &str| resource.resource().starts_with(start);
    match resource.service() {
        "dynamodb" => ResourceType::DynamoDb,
        "s3" => ResourceType::S3,
        "ec2" if begins("instance") => ResourceType::Ec2,
        "ec2" => ResourceType::Ebs,
        "rds" if begins("cluster") => ResourceType::Aurora,
        "rds" => ResourceType::Rds,
        "elasticfilesystem" => ResourceType::Efs,
        "memorydb" => ResourceType::MemoryDb,
        other => ResourceType::from(other),
    }
}
