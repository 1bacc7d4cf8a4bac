"""What a run leaves behind: columns, pictures of them, files. Without torch or Qt."""
