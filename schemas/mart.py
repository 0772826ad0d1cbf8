VIEWS: tuple = ()
