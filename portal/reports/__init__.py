"""Figures on cases by month and by year, for an agency and who supervises it (湛河 二（四）5; R75)."""
