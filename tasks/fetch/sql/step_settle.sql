UPDATE step SET state = :state, rows = :rows, told = :message
WHERE plan = :plan AND root = :root AND number = :number
