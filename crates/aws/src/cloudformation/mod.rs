//! CloudFormation, one operation per file.

mod list_stack_resources;
mod list_stacks;

pub(crate) use list_stack_resources::list_stack_resources;
pub(crate) use list_stacks::list_stacks;
