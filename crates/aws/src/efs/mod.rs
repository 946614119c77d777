//! EFS, one operation per file.

mod list_file_systems;

pub(crate) use list_file_systems::list_file_systems;
