//! CloudFormation, as far as stacks are looked into: what they are, how they are nested, and what they made.
//! Stacks are put there by the estate; the API here makes and changes none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use awsim_core::{AwsError, Protocol, RequestContext, ServiceHandler};
use serde_json::{Value, json};

/// Entries of one page. AWS's pages hold up to 1 MB; this is fewer, so that there are several.
const PAGE: usize = 50;

/// The stacks of all accounts and Regions. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Stacks(Arc<Mutex<Vec<Stack>>>);

#[derive(Clone, Debug)]
struct Stack {
    account: String,
    region: String,
    id: String,
    name: String,
    parent: Option<String>,
    root: Option<String>,
    status: String,
    created: String,
    resources: Vec<StackResource>,
}

/// A resource of a stack.
#[derive(Clone, Debug)]
pub struct StackResource {
    /// `LogicalResourceId`.
    pub logical_id: String,
    /// `PhysicalResourceId`.
    pub physical_id: String,
    /// `ResourceType`, for example `AWS::IAM::Role`.
    pub resource_type: String,
}

/// A stack to put there.
#[derive(Clone, Debug)]
pub struct NewStack<'a> {
    /// Its account.
    pub account: &'a str,
    /// Its Region.
    pub region: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The id of the stack that it is nested in.
    pub parent: Option<&'a str>,
    /// `StackStatus`, for example `CREATE_COMPLETE`.
    pub status: &'a str,
    /// What it made, but for nested stacks: those add themselves to their parents.
    pub resources: Vec<StackResource>,
}

impl Stacks {
    fn lock(&self) -> MutexGuard<'_, Vec<Stack>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a stack, created at `at`; answers its id. A nested one becomes a resource of its parent.
    pub fn add(&self, new: NewStack<'_>, at: jiff::Timestamp) -> String {
        let unique = uuid::Uuid::new_v4();
        let (account, region, name) = (new.account, new.region, new.name);
        let id = format!("arn:aws:cloudformation:{region}:{account}:stack/{name}/{unique}");
        let mut stacks = self.lock();
        let root = new.parent.and_then(|parent| {
            let parent = stacks.iter_mut().find(|stack| stack.id == parent)?;
            let count = parent.resources.len();
            parent.resources.push(StackResource {
                logical_id: format!("Nested{count}"),
                physical_id: id.clone(),
                resource_type: "AWS::CloudFormation::Stack".to_owned(),
            });
            Some(parent.root.clone().unwrap_or_else(|| parent.id.clone()))
        });
        stacks.push(Stack {
            account: account.to_owned(),
            region: region.to_owned(),
            id: id.clone(),
            name: name.to_owned(),
            parent: new.parent.map(str::to_owned),
            root,
            status: new.status.to_owned(),
            created: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            resources: new.resources,
        });
        id
    }
}

/// The service over the stacks.
pub(crate) struct CloudFormation(pub(crate) Stacks);

#[async_trait]
impl ServiceHandler for CloudFormation {
    fn service_name(&self) -> &'static str {
        "cloudformation"
    }

    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    fn iam_checks(
        &self,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<(String, String)> {
        let resource = match (operation, input["StackName"].as_str()) {
            ("ListStackResources", Some(id)) if id.starts_with("arn:") => id.to_owned(),
            ("ListStackResources", Some(name)) => format!(
                "arn:aws:cloudformation:{}:{}:stack/{name}/*",
                ctx.region, ctx.account_id
            ),
            _ => "*".to_owned(),
        };
        vec![(format!("cloudformation:{operation}"), resource)]
    }

    async fn handle(
        &self,
        operation: &str,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        match operation {
            "ListStacks" => self.list_stacks(&input, ctx),
            "ListStackResources" => self.list_stack_resources(&input, ctx),
            _ => Err(AwsError::bad_request(
                "InvalidAction",
                format!("The sandbox does not simulate {operation} of CloudFormation"),
            )),
        }
    }
}

impl CloudFormation {
    fn own(&self, ctx: &RequestContext) -> Vec<Stack> {
        let own = |stack: &&Stack| stack.account == ctx.account_id && stack.region == ctx.region;
        self.0.lock().iter().filter(own).cloned().collect()
    }

    /// `ListStacks`: nested ones too, each with its parent and its root.
    fn list_stacks(&self, input: &Value, ctx: &RequestContext) -> Result<Value, AwsError> {
        let wanted: Vec<&str> = input["StackStatusFilter"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let all: Vec<Value> = self
            .own(ctx)
            .iter()
            .rev()
            .filter(|stack| wanted.is_empty() || wanted.contains(&stack.status.as_str()))
            .map(|stack| {
                let mut summary = json!({
                    "StackId": stack.id,
                    "StackName": stack.name,
                    "CreationTime": stack.created,
                    "StackStatus": stack.status,
                });
                if let (Some(parent), Some(root)) = (&stack.parent, &stack.root) {
                    summary["ParentId"] = json!(parent);
                    summary["RootId"] = json!(root);
                }
                summary
            })
            .collect();
        page(&all, input, "StackSummaries")
    }

    /// `ListStackResources` by name, or by id where the stack was deleted.
    fn list_stack_resources(&self, input: &Value, ctx: &RequestContext) -> Result<Value, AwsError> {
        let name = input["StackName"].as_str().unwrap_or_default();
        let own = self.own(ctx);
        let found = own.iter().find(|stack| {
            stack.id == name || (stack.name == name && stack.status != "DELETE_COMPLETE")
        });
        let Some(stack) = found else {
            return Err(invalid(format!("Stack with id {name} does not exist")));
        };
        let all: Vec<Value> = stack
            .resources
            .iter()
            .map(|resource| {
                json!({
                    "LogicalResourceId": resource.logical_id,
                    "PhysicalResourceId": resource.physical_id,
                    "ResourceType": resource.resource_type,
                    "LastUpdatedTimestamp": stack.created,
                    "ResourceStatus": stack.status,
                })
            })
            .collect();
        page(&all, input, "StackResourceSummaries")
    }
}

/// One page of a list; the token says where the next begins.
fn page(all: &[Value], input: &Value, member: &str) -> Result<Value, AwsError> {
    let start = match input["NextToken"].as_str() {
        None | Some("") => 0,
        Some(token) => token
            .parse::<usize>()
            .ok()
            .filter(|start| *start < all.len())
            .ok_or_else(|| invalid("The specified next token is invalid".to_owned()))?,
    };
    let end = all.len().min(start + PAGE);
    let mut answer = json!({ member: {"member": all.get(start..end).unwrap_or_default()} });
    if end < all.len() {
        answer["NextToken"] = json!(end.to_string());
    }
    Ok(answer)
}

fn invalid(message: String) -> AwsError {
    AwsError::bad_request("ValidationError", message)
}
