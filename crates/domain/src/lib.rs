//! The words and rules of backups in AWS: pure, for the browser and the server alike.
