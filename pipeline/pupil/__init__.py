"""What the forms about one pupil say, as typed values with their places. Knows no folder, no decision and no report."""
